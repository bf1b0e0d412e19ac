"""The button with which the user chooses how rows are grouped."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QAction, QActionGroup, QMenu, QToolButton, QWidget

from monitorapp.core.records.groups import Grouping

_TITLES: Final = {
    None: "&None",
    Grouping.FINGERPRINT: "&Path, reason and render method",
    Grouping.CLIENT: "&Client",
    Grouping.PATH: "Pa&th",
}
_SHORT: Final = {
    None: "Group",
    Grouping.FINGERPRINT: "By kind",
    Grouping.CLIENT: "By client",
    Grouping.PATH: "By path",
}


class GroupBy(QToolButton):
    """Offers the ways to group rows.

    Signals:
        chosen(object): Emitted with the `Grouping` that the user wants; None for no groups.
    """

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("group_by_button")
        self.setAccessibleName("Group rows by")
        self.setToolTip("Fold rows that have something in common into one line")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAutoRaise(True)
        menu = QMenu(self)
        menu.setObjectName("group_by_menu")
        group = QActionGroup(self)
        self._actions: dict[Grouping | None, QAction] = {}
        for grouping, title in _TITLES.items():
            action = QAction(title, self)
            action.setObjectName(f"group_by_{grouping.value if grouping else 'none'}_action")
            action.setCheckable(True)
            action.triggered.connect(lambda _, grouping=grouping: self.chosen.emit(grouping))
            group.addAction(action)
            menu.addAction(action)
            self._actions[grouping] = action
        self.setMenu(menu)
        self.set_grouping(None)

    def set_grouping(self, grouping: Grouping | None) -> None:
        """Show how rows are grouped."""
        self._actions[grouping].setChecked(True)
        self.setText(_SHORT[grouping])
