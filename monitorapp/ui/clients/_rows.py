"""Labelled fields, one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PyQt5.QtCore import QEvent, QLocale, QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from monitorapp.core.chance.parametric import Parameter

_MAX_TYPED: Final = 2_000
_INDENT_PX: Final = 9


class FieldRows(QObject):
    """Makes fields and puts them into a form, each with its name, label and tooltip.

    Numbers are written as in English whatever the system's locale, and the wheel changes only the
    field that has the focus.

    Args:
        parent: Has the form.

    Attributes:
        form: The layout.

    Signals:
        submitted(): Emitted when Enter is pressed in a field of text.
    """

    submitted = pyqtSignal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.form = QFormLayout(parent)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setVerticalSpacing(4)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def number(
        self, name: str, label: str, tooltip: str, value: int, *, least: int = 1, most: int
    ) -> QSpinBox:
        """Return a new field for a whole number."""
        box = QSpinBox()
        box.setRange(least, most)
        box.setValue(value)
        self._add(name, label, tooltip, box)
        return box

    def parameter(self, name: str, parameter: Parameter, value: float) -> QDoubleSpinBox:
        """Return a new field for a parameter; it is indented, for it belongs to the row above."""
        box = QDoubleSpinBox()
        box.setDecimals(3 if parameter.unit else 2)
        box.setRange(parameter.least, parameter.most)
        box.setSuffix(f" {parameter.unit}" if parameter.unit else "")
        box.setValue(value)
        self._add(name, parameter.title, parameter.meaning, box)
        self.label(box).setContentsMargins(_INDENT_PX, 0, 0, 0)
        return box

    def text(self, name: str, label: str, tooltip: str) -> QLineEdit:
        """Return a new field for a line of text."""
        edit = QLineEdit()
        edit.setMaxLength(_MAX_TYPED)
        edit.returnPressed.connect(self.submitted)
        self._add(name, label, tooltip, edit)
        return edit

    def choice(self, name: str, label: str, tooltip: str, values: Mapping[str, str]) -> QComboBox:
        """Return a new field to choose one of `values`: the shown texts by their names."""
        box = QComboBox()
        for data, text in values.items():
            box.addItem(text, data)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(10)
        self._add(name, label, tooltip, box)
        return box

    def label(self, field: QWidget) -> QLabel:
        """Return the label of a field."""
        label = self.form.labelForField(field)
        assert isinstance(label, QLabel)
        return label

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Ignore the wheel over a field without the focus: the user is scrolling the pane."""
        if (
            event is not None
            and event.type() == QEvent.Type.Wheel
            and isinstance(watched, QWidget)
            and not watched.hasFocus()
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _add(self, name: str, label: str, tooltip: str, field: QWidget) -> None:
        if isinstance(field, QAbstractSpinBox):
            field.setGroupSeparatorShown(isinstance(field, QSpinBox))
            field.setAccelerated(True)
        field.setObjectName(f"client_{name}")
        field.setAccessibleName(label.replace("&", ""))
        field.setToolTip(tooltip)
        field.setLocale(QLocale.c())
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(self)
        self.form.addRow(label, field)
