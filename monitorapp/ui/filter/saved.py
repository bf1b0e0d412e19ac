"""A button with the filters that the user has saved by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QAction, QInputDialog, QMenu, QToolButton, QWidget

from monitorapp.core.text.visible import cut, visible

MAX_NAME_CHARACTERS: Final = 60


class SavedFilters(QToolButton):
    """Offers the saved filters in a menu, and to save the present one or to delete one.

    Args:
        expression: Returns the expression that would be saved; empty if there is none.
        parent: Where the button belongs.

    Signals:
        chosen(str): Emitted with the expression that the user wants as the filter.
        changed(object): Emitted when the filters have changed, with a dict from name to
            expression.
    """

    chosen = pyqtSignal(str)
    changed = pyqtSignal(object)

    def __init__(self, expression: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kept_filters_button")
        self.setText("Filters")
        self.setAccessibleName("Saved filters")
        self.setToolTip("Use a saved filter, or save the present one under a name")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAutoRaise(True)
        self._expression = expression
        self._filters: dict[str, str] = {}
        self._menu = QMenu(self)
        self._menu.setObjectName("kept_filters_menu")
        self._menu.setToolTipsVisible(False)  # an expression could pass for rich text
        self._menu.aboutToShow.connect(self._fill)
        self._delete_menu = QMenu("&Delete", self._menu)
        self.setMenu(self._menu)

    def set_filters(self, filters: Mapping[str, str]) -> None:
        """Offer these expressions under their names."""
        self._filters = dict(filters)

    def keep(self, name: str) -> None:
        """Save the present expression under a name, in place of any filter of that name."""
        name = visible(name.strip())[:MAX_NAME_CHARACTERS]
        expression = self._expression()
        if name and expression:
            self._filters[name] = expression
            self.changed.emit(dict(self._filters))

    def delete(self, name: str) -> None:
        """Delete the filter of this name."""
        if self._filters.pop(name, None) is not None:
            self.changed.emit(dict(self._filters))

    def _fill(self) -> None:
        self._menu.clear()
        self._delete_menu.clear()
        keep = self._menu.addAction("&Save filter…")
        if keep is not None:
            keep.setObjectName("keep_filter_action")
            keep.setEnabled(bool(self._expression()))
            keep.triggered.connect(self._ask_name)
        self._menu.addSeparator()
        for name, expression in sorted(self._filters.items()):
            title = f"{name}:  {cut(expression, 60)}".replace("&", "&&")
            self._add(self._menu, title, partial(self._choose, expression))
            self._add(self._delete_menu, name.replace("&", "&&"), partial(self.delete, name))
        if self._filters:
            self._menu.addSeparator()
            self._menu.addMenu(self._delete_menu)

    def _add(self, menu: QMenu, title: str, act: Callable[[], None]) -> None:
        action = QAction(title, menu)
        action.triggered.connect(lambda _: act())
        menu.addAction(action)

    def _choose(self, expression: str) -> None:
        self.chosen.emit(expression)

    def _ask_name(self) -> None:
        dialog = QInputDialog(self)
        dialog.setObjectName("keep_filter_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Save filter")
        dialog.setLabelText("Name of the filter")
        dialog.setTextValue(cut(self._expression(), MAX_NAME_CHARACTERS - 30))
        dialog.textValueSelected.connect(self.keep)
        dialog.open()
