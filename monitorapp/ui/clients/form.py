"""The fields in which a person plans a campaign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PyQt5.QtCore import QEvent, QLocale, QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from monitorapp.core.campaign.plan import (
    MAX_AT_ONCE,
    MAX_PATIENCE_S,
    MAX_REQUESTS,
    MAX_SPREAD,
    CampaignPlan,
    ExponentialPatience,
    FixedPatience,
    Leaving,
    LogNormalPatience,
    Patience,
    UniformPatience,
)
from monitorapp.core.campaign.target import parse_target

OTHER_HOST: Final = "Another host: nothing is recorded here."

_ANY_SEED: Final = -1
_MAX_SEED: Final = 2**31 - 1
_MAX_TYPED: Final = 2_000
_WAYS: Final = {
    "fixed": "the same for all",
    "uniform": "uniform",
    "exponential": "exponential",
    "log_normal": "log-normal",
}


class CampaignForm(QWidget):
    """Fields for all that a `CampaignPlan` says.

    Only the parameters of the chosen kind of patience are seen; the others keep their values.

    Signals:
        submitted(): Enter was pressed in a field of text.
    """

    submitted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("campaign_form")
        self._own_url = ""
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(4)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

        self._count = self._number("count", "&Requests", "How many are sent", 100, MAX_REQUESTS)
        self._at_once = self._number(
            "at_once", "At a &time", "How many of them are open at a time, at most", 50, MAX_AT_ONCE
        )
        self._path = self._text("path", "P&ath", "What is asked for: a path, with its query")
        self._path.setText("/")
        self._target = self._text(
            "target", "Se&rver", "Where the requests go; empty for this app's own server"
        )
        self._other_host = QLabel(OTHER_HOST)
        self._other_host.setObjectName("client_other_host")
        self._other_host.setTextFormat(Qt.TextFormat.PlainText)
        self._other_host.setWordWrap(True)
        self._form.addRow("", self._other_host)
        self._leaving = self._choice(
            "leaving",
            "The&n",
            "What a client does once its patience is over: close or reset its connection; close"
            " only its sending side and read on; or stay, and read with pauses, or just wait",
            {leaving.name.lower(): leaving.value for leaving in Leaving},
        )
        self._way = self._choice(
            "patience", "Pat&ience", "How long the clients wait before they give up", _WAYS
        )
        self._seconds: dict[str, QDoubleSpinBox] = {}
        self._rows: dict[str, list[tuple[QLabel, QWidget]]] = {way: [] for way in _WAYS}
        self._parameter("fixed", "fixed_s", "of", "How long each client waits", 1)
        self._parameter("uniform", "least_s", "from", "The shortest patience", 0)
        self._parameter("uniform", "most_s", "to", "The longest patience", 10)
        self._parameter("exponential", "mean_s", "mean", "The mean; the median is 0.69 of it", 5)
        self._parameter(
            "log_normal", "median_s", "median", "Half of the clients leave before this", 2
        )
        self._parameter(
            "log_normal",
            "spread",
            "spread",
            "The geometric standard deviation, exp(sigma): two thirds of the clients leave"
            " between median / spread and median times spread; 1 makes all alike",
            2,
        )
        self._seed = self._number(
            "seed", "Seed", "The same seed gives the same patiences again", _ANY_SEED, _MAX_SEED
        )
        self._seed.setSpecialValueText("another each time")
        self._target.textChanged.connect(self._mark_other_host)
        self._leaving.currentIndexChanged.connect(self._show_parameters)
        self._way.currentIndexChanged.connect(self._show_parameters)
        self._mark_other_host()
        self._show_parameters()

    def set_own_url(self, url: str) -> None:
        """Say where the requests go if no server is named; empty if this one does not listen."""
        self._own_url = url
        self._target.setPlaceholderText(url or "this server (stopped)")
        self._mark_other_host()

    def plan(self) -> CampaignPlan:
        """Return what the fields say.

        Raises:
            ValueError: It is not possible; the message says why, in a sentence.
        """
        seed = self._seed.value()
        return CampaignPlan(
            target=self._target.text().strip(),
            path=self._path.text().strip() or "/",
            count=self._count.value(),
            at_once=self._at_once.value(),
            leaving=Leaving[self._leaving.currentData().upper()],
            patience=self._patience(),
            seed=None if seed == _ANY_SEED else seed,
        )

    def fields(self) -> dict[str, object]:
        """Return the values of all fields by their names, to be kept."""
        return {
            "target": self._target.text(),
            "path": self._path.text(),
            "count": self._count.value(),
            "at_once": self._at_once.value(),
            "leaving": self._leaving.currentData(),
            "patience": self._way.currentData(),
            "seed": self._seed.value(),
            **{name: box.value() for name, box in self._seconds.items()},
        }

    def set_fields(self, fields: Mapping[str, object]) -> None:
        """Fill in what was kept; what is missing, or of a wrong type, stays as it is."""
        texts = {"target": self._target, "path": self._path}
        numbers = {"count": self._count, "at_once": self._at_once, "seed": self._seed}
        choices = {"leaving": self._leaving, "patience": self._way}
        for name, value in fields.items():
            if isinstance(value, bool):
                continue
            if name in texts and isinstance(value, str):
                texts[name].setText(value)
            elif name in choices and isinstance(value, str) and choices[name].findData(value) >= 0:
                choices[name].setCurrentIndex(choices[name].findData(value))
            elif name in numbers and isinstance(value, int) and abs(value) <= _MAX_SEED:
                numbers[name].setValue(value)
            elif name in self._seconds and isinstance(value, int | float):
                box = self._seconds[name]
                if box.minimum() <= value <= box.maximum():
                    box.setValue(value)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Let the wheel change only the field that has the focus, lest scrolling by does."""
        if (
            event is not None
            and event.type() == QEvent.Type.Wheel
            and isinstance(watched, QWidget)
            and not watched.hasFocus()
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _patience(self) -> Patience:
        value = {name: box.value() for name, box in self._seconds.items()}
        makers: dict[str, Callable[[], Patience]] = {
            "fixed": lambda: FixedPatience(value["fixed_s"]),
            "uniform": lambda: UniformPatience(value["least_s"], value["most_s"]),
            "exponential": lambda: ExponentialPatience(value["mean_s"]),
            "log_normal": lambda: LogNormalPatience(value["median_s"], value["spread"]),
        }
        return makers[self._way.currentData()]()

    def _mark_other_host(self) -> None:
        typed = self._target.text().strip()
        try:
            is_other = bool(typed) and not parse_target(typed).is_at(self._own_url)
        except ValueError:  # said once it is started
            is_other = False
        self._other_host.setVisible(is_other)

    def _show_parameters(self) -> None:
        leaving = Leaving[self._leaving.currentData().upper()]
        is_patient = leaving is Leaving.WAIT
        way_label = self._form.labelForField(self._way)
        assert isinstance(way_label, QLabel)
        way_label.setText("Pa&uses" if leaving is Leaving.SLOW_READ else "Pat&ience")
        self._way.setAccessibleName("Pauses" if leaving is Leaving.SLOW_READ else "Patience")
        for widget in (self._way, way_label):
            widget.setEnabled(not is_patient)
        row, _ = self._form.getWidgetPosition(self._way)
        assert row is not None
        place = row
        for way, rows in self._rows.items():
            is_chosen = way == self._way.currentData()
            for label, box in rows:
                if self._form.indexOf(box) >= 0:
                    self._form.takeRow(box)  # a hidden row would leave a gap
                if is_chosen:
                    place += 1
                    self._form.insertRow(place, label, box)
                for widget in (label, box):
                    widget.setVisible(is_chosen)
                    widget.setEnabled(not is_patient)

    def _number(self, name: str, label: str, tooltip: str, value: int, most: int) -> QSpinBox:
        box = QSpinBox()
        box.setRange(min(value, 1), most)
        box.setValue(value)
        box.setGroupSeparatorShown(name != "seed")
        box.setAccelerated(True)
        self._add(name, label, tooltip, box)
        return box

    def _text(self, name: str, label: str, tooltip: str) -> QLineEdit:
        edit = QLineEdit()
        edit.setMaxLength(_MAX_TYPED)
        edit.returnPressed.connect(self.submitted)
        self._add(name, label, tooltip, edit)
        return edit

    def _choice(self, name: str, label: str, tooltip: str, values: Mapping[str, str]) -> QComboBox:
        box = QComboBox()
        for data, text in values.items():
            box.addItem(text, data)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(10)
        self._add(name, label, tooltip, box)
        return box

    def _parameter(self, way: str, name: str, label: str, tooltip: str, value: float) -> None:
        box = QDoubleSpinBox()
        box.setDecimals(3 if name.endswith("_s") else 2)
        box.setRange(*((0, MAX_PATIENCE_S) if name.endswith("_s") else (1, MAX_SPREAD)))
        box.setSuffix(" s" if name.endswith("_s") else "")
        box.setValue(value)
        box.setAccelerated(True)
        self._add(name, label, tooltip, box)
        self._seconds[name] = box
        row_label = self._form.labelForField(box)
        assert isinstance(row_label, QLabel)
        row_label.setContentsMargins(9, 0, 0, 0)
        self._rows[way].append((row_label, box))

    def _add(self, name: str, label: str, tooltip: str, field: QWidget) -> None:
        locale = QLocale.c()
        field.setObjectName(f"client_{name}")
        field.setAccessibleName(label.replace("&", "").capitalize())
        field.setToolTip(tooltip)
        field.setLocale(locale)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(self)
        self._form.addRow(label, field)
