"""The fields for how long clients wait."""

from __future__ import annotations

from typing import Final

from PyQt5.QtWidgets import QDoubleSpinBox, QLabel

from monitorapp.core.campaign.plan import Leaving
from monitorapp.core.chance.distribution import (
    DISTRIBUTIONS,
    Distribution,
    Exponential,
    Fixed,
    LogNormal,
    Uniform,
)
from monitorapp.core.chance.parametric import parameters
from monitorapp.ui.clients._rows import FieldRows

_FIRST: Final = (Fixed(1.0), Uniform(0.0, 10.0), Exponential(5.0), LogNormal(2.0, 2.0))
"""The first values of the fields."""

_NAMES: Final = {"duration_s": "fixed_s", "low_s": "least_s", "high_s": "most_s"}
"""The names of fields that are not those of their parameters."""


class PatienceFields:
    """A field for the kind of a distribution, and one for each parameter of that kind.

    Only the parameters of the chosen kind are seen; the others keep their values.

    Args:
        rows: Where they are put.
    """

    def __init__(self, rows: FieldRows) -> None:
        self._rows = rows
        self._kind = rows.choice(
            "patience",
            "Pat&ience",
            "How long the clients wait before they give up",
            {kind.KIND: kind.TITLE.lower() for kind in DISTRIBUTIONS},
        )
        self._boxes: dict[str, QDoubleSpinBox] = {}
        self._boxes_of: dict[type[Distribution], dict[str, QDoubleSpinBox]] = {}
        self._labels: dict[QDoubleSpinBox, QLabel] = {}
        for first in _FIRST:
            boxes = self._boxes_of[type(first)] = {}
            for each in parameters(type(first)):
                name = _NAMES.get(each.name, each.name)
                box = rows.parameter(name, each, getattr(first, each.name))
                self._boxes[name] = boxes[each.name] = box
                self._labels[box] = rows.label(box)  # it has none while it is not seen
        self._leaving = Leaving.CLOSE
        self._kind.currentIndexChanged.connect(self._show)
        self._show()

    def distribution(self) -> Distribution:
        """Return what is entered in the fields.

        Raises:
            ValueError: It is not possible; the message is a sentence with the reason.
        """
        boxes = self._boxes_of[self._chosen]
        return self._chosen(**{name: box.value() for name, box in boxes.items()})

    def set_leaving(self, leaving: Leaving) -> None:
        """Use this behaviour of clients once their patience is over."""
        self._leaving = leaving
        self._show()

    def fields(self) -> dict[str, object]:
        """Return the values of all fields by their names, to be saved."""
        values = {name: box.value() for name, box in self._boxes.items()}
        return {"patience": self._kind.currentData(), **values}

    def set_field(self, name: str, value: object) -> None:
        """Fill in a field; what is none of these, or not possible, changes nothing."""
        if name == "patience" and isinstance(value, str):
            index = self._kind.findData(value.replace("_", "-"))  # as earlier versions saved it
            if index >= 0:
                self._kind.setCurrentIndex(index)
        elif name in self._boxes and isinstance(value, int | float):
            box = self._boxes[name]
            if box.minimum() <= value <= box.maximum():
                box.setValue(value)

    @property
    def _chosen(self) -> type[Distribution]:
        return next(kind for kind in DISTRIBUTIONS if self._kind.currentData() == kind.KIND)

    def _show(self) -> None:
        title = "Pa&uses" if self._leaving is Leaving.SLOW_READ else "Pat&ience"
        is_used = self._leaving is not Leaving.WAIT
        kind_label = self._rows.label(self._kind)
        kind_label.setText(title)
        self._kind.setAccessibleName(title.replace("&", ""))
        for widget in (self._kind, kind_label):
            widget.setEnabled(is_used)
        form = self._rows.form
        place, _ = form.getWidgetPosition(self._kind)
        assert place is not None
        for kind, boxes in self._boxes_of.items():
            for box in boxes.values():
                label = self._labels[box]
                if form.indexOf(box) >= 0:
                    form.takeRow(box)  # a hidden row would leave a gap
                if kind is self._chosen:
                    place += 1
                    form.insertRow(place, label, box)
                for widget in (label, box):
                    widget.setVisible(kind is self._chosen)
                    widget.setEnabled(is_used)
