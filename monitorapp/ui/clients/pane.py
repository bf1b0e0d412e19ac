"""A pane that sends requests whose clients give up, and shows the results."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QEvent, pyqtSignal
from PyQt5.QtGui import QKeySequence, QPalette
from PyQt5.QtWidgets import QDockWidget, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from monitorapp.core.campaign.summary import CampaignCounts, CampaignSummary
from monitorapp.core.text.visible import cut, visible
from monitorapp.ui.clients._course import CampaignCourse
from monitorapp.ui.clients._fitting_area import FittingArea
from monitorapp.ui.clients._plain_label import PlainLabel
from monitorapp.ui.clients.form import CampaignForm
from monitorapp.ui.settings import Settings
from monitorapp.ui.widgets.message_bar import Severity

_MAX_CHARACTERS: Final = 600


class ClientPane(QDockWidget):
    """Plans a campaign, and shows its progress and its summary.

    Args:
        settings: Saves what is entered in the fields.

    Attributes:
        form: The fields.
        toggle_action: Shows or hides the pane.

    Signals:
        start_requested(object): Emitted with the `CampaignPlan` that is to be carried out.
        cancel_requested(): Emitted when the campaign is to end now.
        show_rows_requested(str): Emitted with a filter expression whose rows are to be shown.
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
        self.toggle_action.setToolTip("Show or hide the clients that request and give up (F7)")
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
        self._problem = PlainLabel("client_problem", "Problem")
        self._course = CampaignCourse()
        self._lay_out()
        self._take_palette()
        self._button.clicked.connect(self._press)
        self._rows.clicked.connect(self._show_rows)
        self.form.submitted.connect(self._start)

    def set_own_url(self, url: str) -> None:
        """Use this URL of this app's server; empty if it is not listening."""
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
        self._course.begin()
        self._show_message(notice, Severity.WARNING)

    def show_counts(self, counts: CampaignCounts) -> None:
        """Show the progress of the requests."""
        self._course.show_counts(counts)

    def show_summary(self, summary: CampaignSummary) -> None:
        """Show the summary of the campaign."""
        self._set_running(False)
        self._course.show_summary(summary)

    def show_problem(self, problem: str) -> None:
        """Show in one sentence why nothing is sent."""
        self._set_running(False)
        self._show_message(problem)

    def save_fields(self) -> None:
        """Save what is entered in the fields for the next run."""
        self._settings.campaign = self.form.fields()

    def changeEvent(self, event: QEvent | None) -> None:
        """Colour the problem again when the palette changes."""
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
        self._show_message("")
        self.save_fields()
        try:
            plan = self.form.plan()
        except ValueError as problem:
            self._show_message(str(problem))
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
            "Send no more requests, and reset the waiting connections"
            if is_running
            else "Send the requests"
        )
        self.form.setEnabled(not is_running)

    def _show_message(self, problem: str, severity: Severity = Severity.ERROR) -> None:
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
        area = FittingArea()
        area.setObjectName("client_area")
        area.setWidget(self.form)
        content = QWidget()
        content.setObjectName("client_content")
        column = QVBoxLayout(content)
        column.setContentsMargins(9, 9, 9, 9)
        column.setSpacing(9)
        column.addWidget(area)
        column.addLayout(buttons)
        column.addWidget(self._problem)
        column.addWidget(self._course, 1)
        column.addStretch(0)
        self.setWidget(content)


def _button(name: str, text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text.replace("&", ""))
    button.setToolTip(tooltip)
    button.setAutoDefault(False)
    return button
