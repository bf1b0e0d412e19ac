"""The progress of a campaign, and its summary."""

from __future__ import annotations

from typing import Final

from PyQt5.QtWidgets import QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from monitorapp.core.campaign.summary import CampaignCounts, CampaignSummary
from monitorapp.core.text.format import grouped
from monitorapp.ui.clients._plain_label import PlainLabel

_SUMMARY_LINES: Final = 6


class CampaignCourse(QWidget):
    """A bar and the counts while a campaign runs, then its summary; hidden before that."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("client_course")
        self._bar = QProgressBar()
        self._bar.setObjectName("client_progress")
        self._bar.setAccessibleName("Requests that have ended")
        self._bar.setToolTip("How many requests have ended")
        self._counts = PlainLabel("client_counts", "Counts")
        self._summary = _summary_edit()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(9)
        column.addWidget(self._bar)
        column.addWidget(self._counts)
        column.addWidget(self._summary, 1)
        column.addStretch(0)
        self.hide()

    def begin(self) -> None:
        """Drop the last campaign; its bar stays, empty."""
        self._summary.hide()
        self._bar.setValue(0)
        self._bar.setFormat("")

    def show_counts(self, counts: CampaignCounts) -> None:
        """Show the progress of the requests."""
        self._bar.setMaximum(counts.planned)
        self._bar.setValue(counts.ended)
        self._bar.setFormat(f"{grouped(counts.ended)} of {grouped(counts.planned)}")
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
        self._counts.show()
        self.show()

    def show_summary(self, summary: CampaignSummary) -> None:
        """Show the summary of the campaign."""
        self.show_counts(summary.counts)
        self._counts.hide()  # the summary has them
        self._summary.setPlainText("\n".join(summary.lines()))
        self._summary.show()


def _summary_edit() -> QPlainTextEdit:
    edit = QPlainTextEdit()
    edit.setObjectName("client_summary")
    edit.setAccessibleName("Summary")
    edit.setToolTip("What became of the requests; it can be selected and copied")
    edit.setReadOnly(True)
    edit.setUndoRedoEnabled(False)
    edit.setTabChangesFocus(True)
    edit.setMinimumHeight(_SUMMARY_LINES * edit.fontMetrics().lineSpacing())
    edit.hide()
    return edit
