"""The fields in which a user plans a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QLabel, QWidget

from monitorapp.core.campaign.plan import MAX_AT_ONCE, MAX_REQUESTS, CampaignPlan, Leaving
from monitorapp.core.campaign.target import parse_target
from monitorapp.ui.clients._patience_fields import PatienceFields
from monitorapp.ui.clients._rows import FieldRows

OTHER_HOST: Final = "Another host: nothing is recorded here."

_ANY_SEED: Final = -1
_MAX_SEED: Final = 2**31 - 1


class CampaignForm(QWidget):
    """Fields for everything in a `CampaignPlan`.

    Signals:
        submitted(): Emitted when Enter is pressed in a field of text.
    """

    submitted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("campaign_form")
        self._own_url = ""
        rows = FieldRows(self)
        rows.submitted.connect(self.submitted)
        self._count = rows.number("count", "&Requests", "How many are sent", 100, most=MAX_REQUESTS)
        self._at_once = rows.number(
            "at_once",
            "At a &time",
            "How many of them are open at a time, at most",
            50,
            most=MAX_AT_ONCE,
        )
        self._path = rows.text("path", "P&ath", "What is asked for: a path, with its query")
        self._path.setText("/")
        self._target = rows.text(
            "target", "Se&rver", "Where the requests go; empty for this app's own server"
        )
        self._other_host = QLabel(OTHER_HOST)
        self._other_host.setObjectName("client_other_host")
        self._other_host.setTextFormat(Qt.TextFormat.PlainText)
        self._other_host.setWordWrap(True)
        rows.form.addRow("", self._other_host)
        self._leaving = rows.choice(
            "leaving",
            "The&n",
            "What a client does once its patience is over: close or reset its connection; close"
            " only its sending side and read on; or stay, and read with pauses, or just wait",
            {leaving.name.lower(): leaving.value for leaving in Leaving},
        )
        self._patience = PatienceFields(rows)
        self._seed = rows.number(
            "seed",
            "Seed",
            "The same seed gives the same patiences again",
            _ANY_SEED,
            least=_ANY_SEED,
            most=_MAX_SEED,
        )
        self._seed.setGroupSeparatorShown(False)
        self._seed.setSpecialValueText("random each time")
        self._target.textChanged.connect(self._mark_other_host)
        self._leaving.currentIndexChanged.connect(
            lambda: self._patience.set_leaving(self._chosen_leaving())
        )
        self._mark_other_host()

    def set_own_url(self, url: str) -> None:
        """Show where requests go if no server is named; empty if this one is not listening."""
        self._own_url = url
        self._target.setPlaceholderText(url or "this server (stopped)")
        self._mark_other_host()

    def plan(self) -> CampaignPlan:
        """Return what is entered in the fields.

        Raises:
            ValueError: It is not possible; the message is a sentence with the reason.
        """
        seed = self._seed.value()
        return CampaignPlan(
            target=self._target.text().strip(),
            path=self._path.text().strip() or "/",
            count=self._count.value(),
            at_once=self._at_once.value(),
            leaving=self._chosen_leaving(),
            patience=self._patience.distribution(),
            seed=None if seed == _ANY_SEED else seed,
        )

    def fields(self) -> dict[str, object]:
        """Return the values of all fields by their names, to be saved."""
        return {
            "target": self._target.text(),
            "path": self._path.text(),
            "count": self._count.value(),
            "at_once": self._at_once.value(),
            "leaving": self._leaving.currentData(),
            "seed": self._seed.value(),
            **self._patience.fields(),
        }

    def set_fields(self, fields: Mapping[str, object]) -> None:
        """Fill in what was saved; what is missing, or of a wrong type, stays as it is."""
        texts = {"target": self._target, "path": self._path}
        numbers = {"count": self._count, "at_once": self._at_once, "seed": self._seed}
        for name, value in fields.items():
            if isinstance(value, bool):
                continue
            if name in texts and isinstance(value, str):
                texts[name].setText(value)
            elif name == "leaving" and isinstance(value, str):
                index = self._leaving.findData(value)
                if index >= 0:
                    self._leaving.setCurrentIndex(index)
            elif name in numbers and isinstance(value, int) and abs(value) <= _MAX_SEED:
                numbers[name].setValue(value)
            else:
                self._patience.set_field(name, value)

    def _chosen_leaving(self) -> Leaving:
        return Leaving[self._leaving.currentData().upper()]

    def _mark_other_host(self) -> None:
        typed = self._target.text().strip()
        try:
            is_other = bool(typed) and not parse_target(typed).is_at(self._own_url)
        except ValueError:  # reported once it is started
            is_other = False
        self._other_host.setVisible(is_other)
