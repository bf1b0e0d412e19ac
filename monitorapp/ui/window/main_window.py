"""The main window: it shows state, and emits what the user wants."""

from __future__ import annotations

from functools import partial

from PyQt5.QtCore import QEvent, QSize, Qt, pyqtSignal
from PyQt5.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
    QShowEvent,
)
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from monitorapp.core.campaign.target import is_target
from monitorapp.core.delay.delay import DelayPlan
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.live import LiveSource
from monitorapp.core.source.source import InThread, in_this_thread
from monitorapp.core.text.format import plural
from monitorapp.core.text.visible import cut
from monitorapp.ui.delay.bar import DelayBar
from monitorapp.ui.editor.source import SOURCE as EDITOR_SOURCE
from monitorapp.ui.editor.source import SourceEditor
from monitorapp.ui.records.pane import TablePane
from monitorapp.ui.settings import Settings
from monitorapp.ui.transfer.files import Transfer, dropped_files
from monitorapp.ui.widgets.icons import app_icon, icon
from monitorapp.ui.widgets.message_bar import MessageBar, Severity
from monitorapp.ui.widgets.stepping import step_through
from monitorapp.ui.widgets.theme import Colours
from monitorapp.ui.window.counters import Counters
from monitorapp.ui.window.dialogs import ask_endpoint, tell_about
from monitorapp.ui.window.docks import Panes
from monitorapp.ui.window.hint import NO_DELAY, empty_hint, impatient_command, patience_s
from monitorapp.ui.window.menus import Menus
from monitorapp.ui.window.server_bar import ServerBar, ServerState
from monitorapp.ui.window.status import StatusBar
from monitorapp.ui.window.tool_bars import ToolBars


class MainWindow(QMainWindow):
    """Everything a user sees: it lays out bars and panes, and connects them to the menus.

    It knows nothing of servers: what the user wants leaves it and its panes as signals, and
    what is to be shown comes in through methods.

    Args:
        store: The interruptions to show.
        settings: What is saved from one run to the next.
        in_thread: Reads files.

    Attributes:
        delay_bar: Shows and changes the delay.
        message_bar: Shows what is wrong and offers what to do.
        panes: What stands around the table.
        table_pane: Shows the interruptions, and filters them.
        view: The table of `table_pane`.
        filter_bar: Its filter box.
        transfer: Exports what is shown, and reads files to be shown.

    Signals:
        start_requested(): Emitted when the server is to start.
        stop_requested(): Emitted when the server is to stop.
        listen_requested(str): Emitted with the endpoint string to listen on.
        interrupt_one_requested(float): Emitted when a request is to be sent to the server, and to
            be given up after so many seconds.
        runs_requested(): Emitted when the runs in the history are to be listed.
        clear_requested(): Emitted when all rows are to be removed.
        undo_clear_requested(): Emitted when they are to be brought back.
        colours_chosen(object): Emitted with the `Colours` that the user wants.
        closed(): Emitted when the window was closed.
    """

    start_requested = pyqtSignal()
    stop_requested = pyqtSignal()
    listen_requested = pyqtSignal(str)
    interrupt_one_requested = pyqtSignal(float)
    runs_requested = pyqtSignal()
    clear_requested = pyqtSignal()
    undo_clear_requested = pyqtSignal()
    colours_chosen = pyqtSignal(object)
    closed = pyqtSignal()

    def __init__(
        self,
        store: InterruptionStore,
        settings: Settings,
        in_thread: InThread = in_this_thread,
    ) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("Interrupted responses")
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self._settings = settings
        self._store = store
        self._had_rows = False
        self._address = ""
        self._endpoint = ""

        self._status_bar = StatusBar()
        self._counters = Counters()
        self._server_bar = ServerBar()
        self._menus = Menus(self, self._server_bar)
        self.message_bar = MessageBar()
        self._source_editor = SourceEditor(settings, self._show_editor_problem)
        self.delay_bar = DelayBar()
        self.table_pane = TablePane(
            LiveSource(store, partial(step_through, parent=self)),
            settings,
            self._copy_text,
            row_actions=(
                self._menus.toggle_row_action,
                self._menus.star_action,
                self._menus.copy_action,
            ),
            source_editor=self._source_editor,
        )
        self.view = self.table_pane.view
        self.filter_bar = self.table_pane.filter_bar
        self.panes = Panes(self, self._menus.view_menu, settings)
        self.transfer = Transfer(
            self.table_pane, self.message_bar, self.show_status, in_thread, self
        )

        self._tool_bars = ToolBars(self, self._server_bar, self.delay_bar)
        self._lay_out()
        self._connect_menus()
        self._connect_bars()
        self._connect_panes()
        self._set_icons()
        self._restore()
        self.set_server_state(ServerState.STOPPED)
        self._show_rows_kept()

    def set_server_state(self, state: ServerState, address: str = "") -> None:
        """Show what the server does, and under which URL it can be reached."""
        is_listening = state is ServerState.LISTENING
        self._address = address if is_listening else ""
        self.table_pane.set_base_url(self._address)
        self.panes.clients.set_own_url(self._address)
        self._server_bar.set_state(state, address)
        self._menus.listen_action.setEnabled(is_listening or state is ServerState.STOPPED)
        self._menus.copy_command_action.setEnabled(is_listening)
        self._menus.interrupt_one_action.setEnabled(is_target(self._address))
        self._status_bar.set_server(
            {
                ServerState.STOPPED: "Stopped",
                ServerState.STARTING: "Starting…",
                ServerState.LISTENING: f"Listening on {address}",
                ServerState.STOPPING: "Stopping…",
            }[state]
        )
        self._show_hint()

    def set_endpoint(self, endpoint: str) -> None:
        """Set the endpoint string on which the server listens, or would."""
        self._endpoint = endpoint

    def set_counts(self, waiting: int, answered: int, interrupted: int) -> None:
        """Show how many requests wait, were answered and were interrupted."""
        self._counters.set_counts(waiting, answered, interrupted)
        self._show_rows_kept()  # those that the filter hides come without a signal

    def set_outcomes(self, went_on: int, crashed: int, unlogged: int) -> None:
        """Show how many interrupted requests kept running, finished late, and were not logged."""
        self._counters.set_outcomes(went_on, crashed, unlogged)

    def set_lag(self, now_s: float, worst_s: float) -> None:
        """Show how late the reactor runs, in seconds: now, and at its worst lately."""
        self._counters.set_lag(now_s, worst_s)

    def set_delay_plan(self, plan: DelayPlan) -> None:
        """Show how the delays are found."""
        self.delay_bar.set_plan(plan)
        self.panes.patience.set_plan(plan)
        self._show_hint()

    def set_colours(self, colours: Colours) -> None:
        """Show which colours were chosen."""
        self._menus.colour_actions[colours].setChecked(True)

    def set_history(self, path: str | None, problem: str) -> None:
        """Show whether there is a history, where it is, and what is wrong with it."""
        self._status_bar.set_history(path, problem)

    def show_status(self, text: str) -> None:
        """Show one line for a while in the status bar."""
        self._status_bar.show_passing(text)

    def save_state(self) -> None:
        """Save the geometry, the panes, the columns and the delay for the next run."""
        self._settings.geometry = self.saveGeometry()
        self._settings.window_state = self.saveState()
        self._settings.table_state = self.view.save_state()
        self._settings.groups_state = self.table_pane.groups_view.save_state()
        self._settings.waiting_state = self.panes.waiting.save_state()
        self._settings.delay_s = self.delay_bar.fixed_s
        self._settings.delay_plan = self.delay_bar.plan
        self.panes.clients.save_fields()

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Accept files, which a window does not do by itself."""
        if event is not None and dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Import the dropped files."""
        if event is not None:
            self.transfer.import_files(dropped_files(event.mimeData()))

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Report that the window was closed."""
        super().closeEvent(event)
        if event is not None and event.isAccepted():
            self.closed.emit()

    def changeEvent(self, event: QEvent | None) -> None:
        """Draw the icons again in the colours of a new palette."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._set_icons()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Let the arrow keys work in the table from the start."""
        super().showEvent(event)
        self.view.setFocus()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Fit the tool bars into the new width."""
        super().resizeEvent(event)
        self._tool_bars.fit()

    def sizeHint(self) -> QSize:
        """Ask for a size for the first start, which no saved geometry gives."""
        return QSize(1080, 640)

    def _lay_out(self) -> None:
        self._tool_bars.server.addAction(self._menus.interrupt_one_action)
        clear = QToolButton()
        clear.setObjectName("clear_button")
        clear.setDefaultAction(self._menus.clear_action)
        clear.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        clear.setAutoRaise(True)
        top = QHBoxLayout()
        top.addWidget(self._counters, 1)
        top.addWidget(clear)

        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(6, 4, 6, 0)
        layout.setSpacing(6)
        layout.addWidget(self.message_bar)
        layout.addWidget(self.transfer.task_bar)
        layout.addLayout(top)
        layout.addWidget(self.table_pane, 1)
        self.setCentralWidget(central)

        self.setStatusBar(self._status_bar)

    def _connect_menus(self) -> None:
        menus, view = self._menus, self.view
        menus.copy_action.triggered.connect(view.copy_selection)
        menus.clear_action.triggered.connect(self.clear_requested)
        menus.undo_clear_action.triggered.connect(self.undo_clear_requested)
        menus.export_action.triggered.connect(self.transfer.ask_export)
        menus.import_action.triggered.connect(self.transfer.ask_import)
        menus.runs_action.triggered.connect(self.runs_requested)
        menus.quit_action.triggered.connect(self._close)
        menus.listen_action.triggered.connect(
            lambda: ask_endpoint(self._endpoint, self.listen_requested.emit, self)
        )
        menus.interrupt_one_action.triggered.connect(self._interrupt_one)
        menus.copy_command_action.triggered.connect(self._copy_command)
        menus.toggle_row_action.triggered.connect(view.open_current)
        menus.close_rows_action.triggered.connect(view.close_all)
        menus.star_action.triggered.connect(view.star_selection)
        menus.newest_action.triggered.connect(view.jump_to_newest)
        menus.find_action.triggered.connect(self.filter_bar.start_editing)
        menus.editor_action.triggered.connect(lambda: self._source_editor.ask_command(self))
        menus.about_action.triggered.connect(lambda: tell_about(self))
        for colours, action in menus.colour_actions.items():
            action.triggered.connect(lambda _, colours=colours: self.colours_chosen.emit(colours))

    def _connect_bars(self) -> None:
        self._server_bar.start_requested.connect(self.start_requested)
        self._server_bar.stop_requested.connect(self.stop_requested)
        self._server_bar.copied.connect(lambda text: self.show_status(f"Copied {text}"))
        self.delay_bar.plan_changed.connect(self._show_hint)
        self.delay_bar.plan_changed.connect(self.panes.patience.set_plan)
        self.delay_bar.refused.connect(self.show_status)

    def _connect_panes(self) -> None:
        table_pane, panes = self.table_pane, self.panes
        self.view.refused.connect(self.show_status)
        self.view.copied.connect(lambda count: self.show_status(f"Copied {plural(count, 'row')}"))
        table_pane.current_changed.connect(
            lambda one: panes.details.show_interruption(one, table_pane.source.records.outcomes)
        )
        table_pane.filtered.connect(self._show_hint)
        table_pane.source_changed.connect(self._show_hint)
        table_pane.source_changed.connect(self._show_rows_kept)
        table_pane.filtered.connect(
            lambda: panes.rate.set_filter(self.filter_bar.filter.expression)
        )
        table_pane.counted.connect(self._show_rows_kept)
        panes.clients.show_rows_requested.connect(self.filter_bar.set_expression)
        panes.details.copied.connect(lambda title: self.show_status(f"Copied {title}"))
        panes.rate.time_chosen.connect(table_pane.show_time)
        panes.rate.status_message.connect(self.show_status)
        panes.patience.status_message.connect(self.show_status)
        self.clear_requested.connect(lambda: panes.details.show_interruption(None))

    def _show_editor_problem(self, problem: str) -> None:
        if problem:
            self.message_bar.show_message(problem, Severity.WARNING, source=EDITOR_SOURCE)
        else:
            self.message_bar.clear_message(EDITOR_SOURCE)

    def _restore(self) -> None:
        geometry = self._settings.geometry
        if self._settings.delay_s is not None:
            self.delay_bar.set_delay_s(self._settings.delay_s)
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(self.sizeHint())
        window_state = self._settings.window_state
        if window_state is not None:
            self.restoreState(window_state)
        for table, state in (
            (self.view, self._settings.table_state),
            (self.table_pane.groups_view, self._settings.groups_state),
            (self.panes.waiting, self._settings.waiting_state),
        ):
            if state is not None:
                table.restore_state(state)

    def _set_icons(self) -> None:
        palette = self.palette()
        self._menus.set_icons(
            {
                self._menus.copy_action: icon("copy", palette),
                self._menus.clear_action: icon("clear", palette),
                self._menus.newest_action: icon("newest", palette),
            }
        )

    def _close(self) -> None:
        self.close()

    def _interrupt_one(self) -> None:
        if self._patience_s == 0:
            self.show_status(NO_DELAY)
        else:
            self.interrupt_one_requested.emit(self._patience_s)

    @property
    def _patience_s(self) -> float:
        """How long a request waits that is to be interrupted, in seconds; 0 if none can be."""
        return patience_s(self.delay_bar.delay_s, self.delay_bar.plan.typical_s)

    def _copy_command(self) -> None:
        self._copy_text(impatient_command(self._address, self._patience_s))

    def _copy_text(self, text: str) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(text)
            self.show_status(f"Copied {cut(text, 100)}")

    def _show_rows_kept(self) -> None:
        kept = len(self._store)
        if bool(kept) != self._had_rows:
            self._had_rows = bool(kept)
            self._show_hint()
        is_live = self.table_pane.source.is_live
        self.filter_bar.set_counts(self.table_pane.shown_count, kept if is_live else None)
        self._status_bar.set_kept(kept)
        self._menus.set_clearable(kept if is_live else 0, self._store.undoable if is_live else 0)

    def _show_hint(self) -> None:
        source = self.table_pane.source
        is_searched = source.is_live and source.progress.share == 1
        title, command = empty_hint(
            of_source="" if is_searched else self.table_pane.empty_text,
            hides_rows=len(self._store) > 0 and not self.filter_bar.filter.is_empty,
            address=self._address,
            patience_s=self._patience_s,
        )
        self.view.set_empty_hint(title, command)
