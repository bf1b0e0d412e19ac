"""A button with the filters that a person has named and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QAction, QInputDialog, QMenu, QToolButton, QWidget

from monitorapp.core.text.visible import cut, visible

MAX_NAME_CHARACTERS: Final = 60


class KeptFilters(QToolButton):
    """Offers the kept filters in a menu, and to keep the present one or to forget one.

    Args:
        expression: Returns the expression that would be kept; empty if there is none.
        parent: Where the button belongs.

    Signals:
        chosen(str): This expression shall be the filter.
        changed(object): These are the filters now, a dict from name to expression.
    """

    chosen = pyqtSignal(str)
    changed = pyqtSignal(object)

    def __init__(self, expression: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kept_filters_button")
        self.setText("Filters")
        self.setAccessibleName("Kept filters")
        self.setToolTip("Use a filter that was kept, or keep the present one under a name")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAutoRaise(True)
        self._expression = expression
        self._filters: dict[str, str] = {}
        self._menu = QMenu(self)
        self._menu.setObjectName("kept_filters_menu")
        self._menu.setToolTipsVisible(False)  # an expression could pass for rich text
        self._menu.aboutToShow.connect(self._fill)
        self._forget_menu = QMenu("&Forget", self._menu)
        self.setMenu(self._menu)

    def set_filters(self, filters: Mapping[str, str]) -> None:
        """Offer these expressions under their names."""
        self._filters = dict(filters)

    def keep(self, name: str) -> None:
        """Keep the present expression under a name, instead of what it stood for before."""
        name = visible(name.strip())[:MAX_NAME_CHARACTERS]
        expression = self._expression()
        if name and expression:
            self._filters[name] = expression
            self.changed.emit(dict(self._filters))

    def forget(self, name: str) -> None:
        """Keep the filter of this name no longer."""
        if self._filters.pop(name, None) is not None:
            self.changed.emit(dict(self._filters))

    def _fill(self) -> None:
        self._menu.clear()
        self._forget_menu.clear()
        keep = self._menu.addAction("&Keep this filter…")
        if keep is not None:
            keep.setObjectName("keep_filter_action")
            keep.setEnabled(bool(self._expression()))
            keep.triggered.connect(self._ask_name)
        self._menu.addSeparator()
        for name, expression in sorted(self._filters.items()):
            title = f"{name}:  {cut(expression, 60)}".replace("&", "&&")
            self._add(self._menu, title, partial(self._choose, expression))
            self._add(self._forget_menu, name.replace("&", "&&"), partial(self.forget, name))
        if self._filters:
            self._menu.addSeparator()
            self._menu.addMenu(self._forget_menu)

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
        dialog.setWindowTitle("Keep this filter")
        dialog.setLabelText("Name of the filter")
        dialog.setTextValue(cut(self._expression(), MAX_NAME_CHARACTERS - 30))
        dialog.textValueSelected.connect(self.keep)
        dialog.open()
