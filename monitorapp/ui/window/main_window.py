"""The main window: it shows, and it says what the person wants."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QEvent, QMimeData, QSize, Qt, pyqtSignal
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
    QLabel,
    QMainWindow,
    QStatusBar,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from monitorapp.core.delay.delay import DelayPlan
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.live import LiveSource
from monitorapp.core.text.visible import cut, visible
from monitorapp.ui.delay.bar import DelayBar
from monitorapp.ui.editor.source import SourceEditor
from monitorapp.ui.records.pane import TablePane
from monitorapp.ui.settings import Settings
from monitorapp.ui.transfer.files import Transfer
from monitorapp.ui.widgets.icons import app_icon, icon
from monitorapp.ui.widgets.message_bar import MessageBar
from monitorapp.ui.widgets.theme import Colours
from monitorapp.ui.window.counters import Counters
from monitorapp.ui.window.dialogs import ask_endpoint, tell_about
from monitorapp.ui.window.docks import Panes
from monitorapp.ui.window.menus import Menus
from monitorapp.ui.window.server_bar import ServerBar, ServerState

STATUS_MS = 8_000
"""How long a passing message stays in the status bar, in milliseconds."""

PATIENCE_S = 1.0
"""How long a request that is sent to be interrupted waits at most, in seconds."""

_NO_DELAY = "No response can be interrupted without a delay. Choose one above 0 s."


class MainWindow(QMainWindow):
    """Everything a person sees.

    It knows nothing of servers: what the person wants leaves it as signals, and what is
    to be shown comes in through its methods.

    Args:
        store: The interruptions that are kept.
        settings: What is kept from one run to the next.

    Attributes:
        delay_bar: Shows and changes the delay.
        message_bar: Shows what is wrong and offers what to do.
        panes: What stands around the table.
        table_pane: Shows the interruptions, and filters them.
        view: Its table.
        filter_bar: Its box.
        transfer: Exports what is shown, and reads files to be shown.

    Signals:
        start_requested(): The server shall start.
        stop_requested(): The server shall stop.
        listen_requested(str): The server shall listen on this endpoint string.
        interrupt_one_requested(float): A request shall be sent to the server, and be given up after
            so many seconds.
        delay_plan_changed(object): Delays shall be found by this `DelayPlan`.
        runs_requested(): The runs that the history keeps shall be listed.
        clear_requested(): All rows shall go.
        colours_chosen(object): The app shall have these `Colours`.
        closed(): The window was closed.
    """

    start_requested = pyqtSignal()
    stop_requested = pyqtSignal()
    listen_requested = pyqtSignal(str)
    interrupt_one_requested = pyqtSignal(float)
    delay_plan_changed = pyqtSignal(object)
    runs_requested = pyqtSignal()
    clear_requested = pyqtSignal()
    colours_chosen = pyqtSignal(object)
    closed = pyqtSignal()

    def __init__(self, store: InterruptionStore, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("Interrupted responses")
        self.setWindowIcon(app_icon())
        self._settings = settings
        self._store = store
        self._had_rows = False
        self._state = ServerState.STOPPED
        self._address = ""
        self._endpoint = ""

        self.message_bar = MessageBar()
        self.delay_bar = DelayBar()
        self.table_pane = TablePane(LiveSource(store), settings, self._copy_text)
        self.view = self.table_pane.view
        self.filter_bar = self.table_pane.filter_bar
        self.transfer = Transfer(self.table_pane, self.message_bar, self.show_status, self)
        self.setAcceptDrops(True)
        self._server_bar = ServerBar()
        self._counters = Counters()
        self._menus = Menus(self, self._server_bar)
        self.panes = Panes(self, self._menus.view_menu, settings)
        self.table_pane.row_actions = [
            self._menus.toggle_row_action,
            self._menus.star_action,
            self._menus.copy_action,
        ]
        self._source_editor = SourceEditor(settings, self.show_status)
        self.table_pane.source_editor = self._source_editor
        self._kept = QLabel()
        self._kept.setObjectName("rows_kept")
        self._kept.setTextFormat(Qt.TextFormat.PlainText)
        self._history = QLabel()
        self._history.setObjectName("history_status")
        self._history.setTextFormat(Qt.TextFormat.PlainText)
        self._history.setContentsMargins(12, 0, 0, 0)
        self._status_bar = QStatusBar()
        self._status = QLabel()
        self._status.setObjectName("server_status")
        self._status.setTextFormat(Qt.TextFormat.PlainText)

        self._server_tools = _tool_bar("server_tool_bar", "Server", self._server_bar)
        self._delay_tools = _tool_bar("delay_tool_bar", "Delay", self.delay_bar)
        self._lay_out()
        self._connect()
        self._set_icons()
        self._restore()
        self.set_server_state(ServerState.STOPPED)
        self._show_rows_kept()

    def set_server_state(self, state: ServerState, address: str = "") -> None:
        """Show what the server does, and under which URL it can be reached."""
        self._state, self._address = state, address
        self.table_pane.base_url = address
        self.panes.clients.set_own_url(address if state is ServerState.LISTENING else "")
        self._server_bar.set_state(state, address)
        self._menus.listen_action.setEnabled(state in (ServerState.LISTENING, ServerState.STOPPED))
        self._menus.copy_command_action.setEnabled(state is ServerState.LISTENING)
        self._menus.interrupt_one_action.setEnabled(
            state is ServerState.LISTENING and address.startswith("http:")
        )
        self._status.setText(
            {
                ServerState.STOPPED: "Stopped",
                ServerState.STARTING: "Starting…",
                ServerState.LISTENING: f"Listening on {address}",
                ServerState.STOPPING: "Stopping…",
            }[state]
        )
        self._show_hint()

    def set_endpoint(self, endpoint: str) -> None:
        """Say on which endpoint string the server listens, or would."""
        self._endpoint = endpoint

    def set_counts(self, waiting: int, answered: int, interrupted: int) -> None:
        """Show how many requests wait, were answered and were interrupted."""
        self._counters.set_counts(waiting, answered, interrupted)
        self._show_rows_kept()  # those that the filter hides come without a signal

    def set_outcomes(self, went_on: int, crashed: int, unlogged: int) -> None:
        """Show how many interrupted requests went on, crashed late, and were not logged."""
        self._counters.set_outcomes(went_on, crashed, unlogged)

    def set_lag(self, now_s: float, worst_s: float) -> None:
        """Show how late the reactor turns, in seconds: now, and at its worst lately."""
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
        """Say whether there is a history, where it is kept, and what is wrong with it."""
        self._history.setText(
            "History: off" if path is None else "History: on" + (" (!)" if problem else "")
        )
        where = "" if path is None else f"Kept in {path}"
        # One line, and no tag in it, lets Qt show a tooltip as plain text.
        told = cut(visible(" ".join((problem, where)).strip()), 300)
        self._history.setToolTip(told.replace("<", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"))
        self._history.setAccessibleDescription(told)

    def show_status(self, text: str) -> None:
        """Show one line for a while in the status bar."""
        self._status_bar.showMessage(text.replace("\n", " "), STATUS_MS)

    def save_state(self) -> None:
        """Keep the geometry, the panes, the columns and the delay for the next run."""
        self._settings.geometry = self.saveGeometry()
        self._settings.window_state = self.saveState()
        self._settings.table_state = self.view.save_state()
        self._settings.delay_s = self.delay_bar.fixed_s
        self._settings.delay_plan = self.delay_bar.plan
        self.panes.clients.save_fields()

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Take files."""
        if event is not None and _dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Show what is in the files."""
        if event is not None:
            self.transfer.import_files(_dropped(event.mimeData()))

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Say that the window was closed."""
        super().closeEvent(event)
        if event is not None and event.isAccepted():
            self.transfer.cancel()
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
        """Put the tool bars below one another where they do not fit side by side."""
        super().resizeEvent(event)
        wanted_px = self._server_tools.sizeHint().width() + self._delay_tools.sizeHint().width()
        if wanted_px > self.width() and not self.toolBarBreak(self._delay_tools):
            self.insertToolBarBreak(self._delay_tools)
        elif wanted_px <= self.width() and self.toolBarBreak(self._delay_tools):
            self.removeToolBarBreak(self._delay_tools)

    def sizeHint(self) -> QSize:
        """Return a size for a first start."""
        return QSize(1080, 640)

    def _lay_out(self) -> None:
        for bar in (self._server_tools, self._delay_tools):
            self.addToolBar(bar)
        self._server_tools.addAction(self._menus.interrupt_one_action)
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

        self._status_bar.addWidget(self._status, 1)
        self._status_bar.addPermanentWidget(self._kept)
        self._status_bar.addPermanentWidget(self._history)
        self.setStatusBar(self._status_bar)

    def _connect(self) -> None:
        menus = self._menus
        menus.copy_action.triggered.connect(self.view.copy_selection)
        menus.clear_action.triggered.connect(self.clear_requested)
        menus.export_action.triggered.connect(self.transfer.ask_export)
        menus.import_action.triggered.connect(self.transfer.ask_import)
        menus.runs_action.triggered.connect(self.runs_requested)
        menus.quit_action.triggered.connect(self._close)
        menus.listen_action.triggered.connect(
            lambda: ask_endpoint(self._endpoint, self.listen_requested.emit, self)
        )
        menus.interrupt_one_action.triggered.connect(self._interrupt_one)
        menus.copy_command_action.triggered.connect(self._copy_command)
        menus.toggle_row_action.triggered.connect(self.view.open_current)
        menus.close_rows_action.triggered.connect(self.view.close_all)
        menus.star_action.triggered.connect(self.view.star_selection)
        menus.editor_action.triggered.connect(lambda: self._source_editor.ask_command(self))
        self.view.refused.connect(self.show_status)
        menus.newest_action.triggered.connect(self.view.jump_to_newest)
        menus.about_action.triggered.connect(lambda: tell_about(self))
        for colours, action in menus.colour_actions.items():
            action.triggered.connect(lambda _, colours=colours: self.colours_chosen.emit(colours))

        self._server_bar.start_requested.connect(self.start_requested)
        self._server_bar.stop_requested.connect(self.stop_requested)
        self._server_bar.copied.connect(lambda text: self.show_status(f"Copied {text}"))
        self.delay_bar.plan_changed.connect(self._show_hint)
        self.delay_bar.plan_changed.connect(self.delay_plan_changed)
        self.delay_bar.refused.connect(self.show_status)
        self.view.copied.connect(self._say_copied)
        menus.find_action.triggered.connect(self.filter_bar.start_editing)
        self.table_pane.current_changed.connect(self.panes.details.show_interruption)
        self.table_pane.filtered.connect(self._show_hint)
        self.table_pane.source_changed.connect(self._show_hint)
        self.table_pane.counted.connect(self._show_rows_kept)
        self.clear_requested.connect(lambda: self.panes.details.show_interruption(None))
        self.panes.clients.show_rows_requested.connect(self.filter_bar.set_expression)
        self.panes.details.copied.connect(lambda title: self.show_status(f"Copied {title}"))
        self.panes.rate.time_chosen.connect(self.table_pane.show_time)
        for chart_pane in (self.panes.rate, self.panes.patience):
            chart_pane.told.connect(self.show_status)
        self.delay_bar.plan_changed.connect(self.panes.patience.set_plan)
        self.table_pane.filtered.connect(
            lambda: self.panes.rate.set_filter(self.filter_bar.filter.expression)
        )

    def _restore(self) -> None:
        geometry, table_state = self._settings.geometry, self._settings.table_state
        if self._settings.delay_s is not None:
            self.delay_bar.set_delay_s(self._settings.delay_s)
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(self.sizeHint())
        window_state = self._settings.window_state
        if window_state is not None:
            self.restoreState(window_state)
        if table_state is not None:
            self.view.restore_state(table_state)

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
        patience_s = self._patience_s()
        if patience_s == 0:
            self.show_status(_NO_DELAY)
        else:
            self.interrupt_one_requested.emit(patience_s)

    def _patience_s(self) -> float:
        """Return how long a request may wait that shall end before its typical delay; 0: not."""
        delay_s = self.delay_bar.delay_s or self.delay_bar.plan.typical_s  # a sweep begins at 0
        return min(PATIENCE_S, delay_s / 2)

    def _copy_command(self) -> None:
        self._copy_text(self._command())

    def _copy_text(self, text: str) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(text)
            self.show_status(f"Copied {cut(text, 100)}")

    def _say_copied(self, count: int) -> None:
        self.show_status(f"Copied {count:,} row{'' if count == 1 else 's'}")

    def _show_rows_kept(self) -> None:
        kept = len(self._store)
        if bool(kept) != self._had_rows:
            self._had_rows = bool(kept)
            self._show_hint()
        of = kept if self.table_pane.source.is_live else None
        self.filter_bar.set_counts(self.table_pane.shown_count, of)
        self._kept.setText(f"{kept:,} row{'' if kept == 1 else 's'}")
        self._menus.clear_action.setEnabled(kept > 0)

    def _command(self) -> str:
        """Return a command that gives up while the present delay still runs."""
        patience = f"{self._patience_s():.3g}"
        if self._address.startswith("unix:"):
            path = self._address.removeprefix("unix:")
            return f"curl -m {patience} --unix-socket {path} http://localhost/"
        insecure = "-k " if self._address.startswith("https:") else ""
        return f"curl {insecure}-m {patience} {self._address}"

    def _show_hint(self) -> None:
        if not self.table_pane.source.is_live:
            self.view.set_empty_hint(self.table_pane.empty_text, "")
        elif not self.filter_bar.filter.is_empty and len(self._store):
            self.view.set_empty_hint("No row matches the filter.", "")
        elif self._state is not ServerState.LISTENING:
            self.view.set_empty_hint("The server does not listen. Press Start to produce rows.", "")
        elif self._patience_s() == 0:
            self.view.set_empty_hint(_NO_DELAY, "")
        else:
            self.view.set_empty_hint(
                "No interrupted responses yet. Press Interrupt one, or let a client give up:",
                self._command(),
            )


def _tool_bar(name: str, title: str, widget: QWidget) -> QToolBar:
    bar = QToolBar(title)
    bar.setObjectName(name)
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)  # it cannot be hidden
    bar.addWidget(widget)
    return bar


def _dropped(data: QMimeData | None) -> list[Path]:
    """Return the files of this machine that are being dropped."""
    urls = [] if data is None else data.urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
