"""A pane that sends requests whose clients give up, and says what became of them."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QEvent, QObject, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QKeySequence, QPalette
from PyQt5.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from monitorapp.core.campaign.summary import CampaignCounts, CampaignSummary
from monitorapp.core.text.format import grouped
from monitorapp.core.text.visible import cut, visible
from monitorapp.ui.clients.form import CampaignForm
from monitorapp.ui.settings import Settings
from monitorapp.ui.widgets.message_bar import Severity

_MAX_CHARACTERS: Final = 600
_SUMMARY_LINES: Final = 6


class ClientPane(QDockWidget):
    """Plans a campaign, shows how it goes on, and what it came to.

    Args:
        settings: Keeps what the fields say.

    Attributes:
        form: The fields.
        toggle_action: Shows or hides the pane.

    Signals:
        start_requested(object): This `CampaignPlan` shall be carried out.
        cancel_requested(): The campaign shall end now.
        show_rows_requested(str): The rows that match this filter expression shall be shown.
    """

    start_requested = pyqtSignal(object)
    cancel_requested = pyqtSignal()
    show_rows_requested = pyqtSignal(str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("Impatient clients", parent)
        self.setObjectName("client_dock")
        self.setAccessibleName("Impatient clients")
        self.toggle_action = self.toggleViewAction()
        assert self.toggle_action is not None
        self.toggle_action.setObjectName("client_action")
        self.toggle_action.setText("&Impatient clients")
        self.toggle_action.setShortcut(QKeySequence("F7"))
        self.toggle_action.setToolTip("Show or hide the clients that ask and give up (F7)")
        self._settings = settings
        self._is_running = False
        self._agent = ""
        self._severity = Severity.ERROR
        self.form = CampaignForm()
        self.form.set_fields(settings.campaign)
        self._button = _button("client_start", "&Start", "Send the requests")
        self._rows = _button(
            "client_show_rows", "S&how these rows", "Filter the table by these requests' User-Agent"
        )
        self._rows.setEnabled(False)
        self._bar = QProgressBar()
        self._bar.setObjectName("client_progress")
        self._bar.setAccessibleName("Requests that have ended")
        self._bar.setToolTip("How many requests have ended")
        self._bar.setFormat("%v of %m")
        self._counts = _label("client_counts", "Counts")
        self._problem = _label("client_problem", "Problem")
        self._summary = _text_edit("client_summary", "Summary")
        self._summary.setToolTip("What became of the requests; it can be selected and copied")
        self._lay_out()
        self._take_palette()
        self._button.clicked.connect(self._press)
        self._rows.clicked.connect(self._show_rows)
        self.form.submitted.connect(self._start)

    def set_own_url(self, url: str) -> None:
        """Say under which URL this app's server can be reached; empty if it does not listen."""
        self.form.set_own_url(url)

    def begin(self, agent: str, notice: str, *, is_own: bool) -> None:
        """Show that a campaign has begun.

        Args:
            agent: The User-Agent of its requests.
            notice: What is not done as planned, in one sentence; empty if all is.
            is_own: Whether it goes to this app's server, so that there will be rows of it.
        """
        self._agent = agent
        self._set_running(True)
        self._rows.setEnabled(is_own)
        self._summary.hide()
        self._say(notice, Severity.WARNING)
        self._bar.setValue(0)

    def show_counts(self, counts: CampaignCounts) -> None:
        """Show how the requests stand."""
        self._bar.setMaximum(counts.planned)
        self._bar.setValue(counts.ended)
        parts = [
            f"{grouped(counts.waiting)} waiting",
            f"{grouped(counts.answered)} answered",
            f"{grouped(counts.interrupted)} interrupted",
        ]
        if counts.dropped:
            parts.append(f"{grouped(counts.dropped)} ended by the server")
        if counts.failed:
            parts.append(f"{grouped(counts.failed)} failed to connect")
        self._counts.setText(", ".join(parts))
        self._bar.show()
        self._counts.show()

    def show_summary(self, summary: CampaignSummary) -> None:
        """Show what the campaign came to."""
        self._set_running(False)
        self.show_counts(summary.counts)
        self._counts.hide()  # the summary says it all
        self._summary.setPlainText("\n".join(summary.lines()))
        self._summary.show()

    def show_problem(self, problem: str) -> None:
        """Say in one sentence why nothing is sent."""
        self._set_running(False)
        self._say(problem)

    def save_fields(self) -> None:
        """Keep what the fields say for the next run."""
        self._settings.campaign = self.form.fields()

    def changeEvent(self, event: QEvent | None) -> None:
        """Colour the problem anew when the palette changes."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._take_palette()

    def _press(self) -> None:
        if self._is_running:
            self._button.setEnabled(False)
            self.cancel_requested.emit()
        else:
            self._start()

    def _start(self) -> None:
        if self._is_running:
            return
        self._say("")
        self.save_fields()
        try:
            plan = self.form.plan()
        except ValueError as problem:
            self._say(str(problem))
            return
        self.start_requested.emit(plan)

    def _show_rows(self) -> None:
        self.show_rows_requested.emit(f"agent:{self._agent}")

    def _set_running(self, is_running: bool) -> None:
        self._is_running = is_running
        self._button.setEnabled(True)
        self._button.setText("&Cancel" if is_running else "&Start")
        self._button.setAccessibleName("Cancel" if is_running else "Start")
        self._button.setToolTip(
            "Send no more, and reset the connections that wait"
            if is_running
            else "Send the requests"
        )
        self.form.setEnabled(not is_running)

    def _say(self, problem: str, severity: Severity = Severity.ERROR) -> None:
        self._severity = severity
        self._take_palette()
        self._problem.setText(cut(visible(problem), _MAX_CHARACTERS))
        self._problem.setVisible(bool(problem))

    def _take_palette(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, self._severity.accent(palette))
        self._problem.setPalette(palette)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self._button)
        buttons.addWidget(self._rows)
        buttons.addStretch(1)
        area = _Area()
        area.setObjectName("client_area")
        area.setWidget(self.form)
        content = QWidget()
        content.setObjectName("client_content")
        column = QVBoxLayout(content)
        column.setContentsMargins(9, 9, 9, 9)
        column.setSpacing(9)
        column.addWidget(area)
        column.addLayout(buttons)
        for widget in (self._problem, self._bar, self._counts):
            column.addWidget(widget)
            widget.hide()
        column.addWidget(self._summary, 1)
        self._summary.hide()
        column.addStretch(0)
        self.setWidget(content)


class _Area(QScrollArea):
    """As high as what it shows, or lower if there is no room; never narrower."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        """Return the size of the content."""
        content = self.widget()
        assert content is not None
        return QSize(self.minimumSizeHint().width(), content.sizeHint().height())

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Grow and shrink with the content."""
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:
        """Return a size with room for the width of the content."""
        content, bar = self.widget(), self.verticalScrollBar()
        assert content is not None
        assert bar is not None
        width = content.minimumSizeHint().width() + bar.sizeHint().width()
        return QSize(width, super().minimumSizeHint().height())


def _button(name: str, text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text.replace("&", ""))
    button.setToolTip(tooltip)
    button.setAutoDefault(False)
    return button


def _text_edit(name: str, accessible_name: str) -> QPlainTextEdit:
    edit = QPlainTextEdit()
    edit.setObjectName(name)
    edit.setAccessibleName(accessible_name)
    edit.setReadOnly(True)
    edit.setUndoRedoEnabled(False)
    edit.setTabChangesFocus(True)
    edit.setMinimumHeight(_SUMMARY_LINES * edit.fontMetrics().lineSpacing())
    return edit


def _label(name: str, accessible_name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setAccessibleName(accessible_name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlags()
        | Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
