"""The menus of the main window."""

from __future__ import annotations

from typing import Final

from PyQt5.QtGui import QIcon, QKeySequence
from PyQt5.QtWidgets import QAction, QActionGroup, QMainWindow, QMenu, QMenuBar

from monitorapp.core.text.format import plural
from monitorapp.ui.widgets.theme import Colours
from monitorapp.ui.window.server_bar import ServerBar

_UNDO_CLEAR: Final = "&Undo clear"


class Menus:
    """Fills a window's menu bar with actions; the window connects them.

    Args:
        window: The window whose menu bar is filled.
        server_bar: Brings the actions of the server.

    Attributes:
        copy_action: Copies the selected rows.
        clear_action: Removes all rows but the starred ones.
        undo_clear_action: Brings them back.
        star_action: Stars the selected rows, or removes their stars.
        editor_action: Asks for the editor that opens source files.
        quit_action: Ends the app.
        listen_action: Asks where to listen.
        interrupt_one_action: Sends a request and gives up.
        copy_command_action: Copies a command that produces an interrupted response.
        toggle_row_action: Opens or closes the current row.
        close_rows_action: Closes all open rows.
        newest_action: Goes to the newest row and keeps to it.
        find_action: Goes to the filter.
        colour_actions: One for each choice of colours, of which one is checked.
        view_menu: The menu of what is seen.
        about_action: Shows the version and the licence.
    """

    def __init__(self, window: QMainWindow, server_bar: ServerBar) -> None:
        self._window = window
        self._menu_bar = QMenuBar(window)
        window.setMenuBar(self._menu_bar)

        file_menu = self._menu("&File")
        self.copy_action = self._action("copy_action", "&Copy rows", QKeySequence.StandardKey.Copy)
        self.copy_action.setToolTip("Copy the selected rows as text, with their tracebacks")
        self.clear_action = self._action("clear_action", "C&lear", "Ctrl+L")
        self.clear_action.setToolTip(
            "Remove all rows but the starred ones from the table; Ctrl+Z brings them back, and the"
            " history keeps them"
        )
        self.undo_clear_action = self._action(
            "undo_clear_action", _UNDO_CLEAR, QKeySequence.StandardKey.Undo
        )
        self.undo_clear_action.setToolTip(
            "Bring back the rows that were cleared last, before those that came since"
        )
        self.quit_action = self._action("quit_action", "&Quit", "Ctrl+Q")
        self.quit_action.setToolTip("Stop the server and close the window")
        self.quit_action.setMenuRole(QAction.MenuRole.QuitRole)
        self.runs_action = self._action("runs_action", "&History…", "Ctrl+H")
        self.runs_action.setToolTip("Open what earlier runs recorded, and set how much is kept")
        file_menu.addActions([self.copy_action, self.clear_action, self.undo_clear_action])
        file_menu.addSeparator()
        self.export_action = self._action("export_action", "&Export…", "Ctrl+S")
        self.export_action.setToolTip("Write the rows that are shown to a file")
        self.import_action = self._action("import_action", "&Import…", "Ctrl+O")
        self.import_action.setToolTip(
            "Show an export, a history or a JSON log of Twisted; files can be dropped here, too"
        )
        file_menu.addActions([self.runs_action, self.import_action, self.export_action])
        file_menu.addSeparator()
        file_menu.addAction(self.quit_action)

        server_menu = self._menu("&Server")
        self.listen_action = self._action("listen_action", "&Listen on…", "Ctrl+Shift+L")
        self.listen_action.setToolTip("Choose the port or endpoint on which the server listens")
        self.interrupt_one_action = self._action("interrupt_one_action", "&Interrupt one", "Ctrl+I")
        self.interrupt_one_action.setToolTip(
            "Send a request to this server and give up before the answer (Ctrl+I)"
        )
        self.copy_command_action = self._action("copy_command_action", "Copy c&url command", None)
        self.copy_command_action.setToolTip("Copy a command that produces an interrupted response")
        server_menu.addActions([server_bar.toggle_action, self.listen_action])
        server_menu.addSeparator()
        server_menu.addActions(
            [
                self.interrupt_one_action,
                server_bar.copy_action,
                self.copy_command_action,
                server_bar.open_action,
            ]
        )

        view_menu = self._menu("&View")
        self.toggle_row_action = self._action("toggle_row_action", "&Open or close row", None)
        self.toggle_row_action.setToolTip("Open the story of the current row, or close it (Enter)")
        self.close_rows_action = self._action(
            "close_rows_action", "&Close all rows", "Ctrl+Shift+Left"
        )
        self.close_rows_action.setToolTip("Close all open rows")
        self.newest_action = self._action("newest_action", "Go to &newest", "Ctrl+End")
        self.newest_action.setToolTip("Go to the newest row and keep to it")
        self.find_action = self._action("find_action", "&Filter", QKeySequence.StandardKey.Find)
        self.find_action.setToolTip("Type which rows are shown")
        self.star_action = self._action("star_action", "&Star rows", "Ctrl+D")
        self.star_action.setToolTip(
            "Star the selected rows, or remove their stars: starred rows are kept"
        )
        self.editor_action = self._action("editor_action", "&Editor…", None)
        self.editor_action.setToolTip("Choose the editor in which a row's source file is opened")
        view_menu.addActions([self.toggle_row_action, self.close_rows_action, self.newest_action])
        view_menu.addAction(self.star_action)
        view_menu.addSeparator()
        view_menu.addActions([self.find_action, self.editor_action])
        view_menu.addSeparator()
        self.view_menu = view_menu
        colours_menu = QMenu("Co&lours", window)
        view_menu.addMenu(colours_menu)
        group = QActionGroup(window)
        self.colour_actions = {
            colours: self._action(f"colours_{colours.value}_action", f"&{words}", None)
            for colours, words in (
                (Colours.SYSTEM, "As the desktop"),
                (Colours.LIGHT, "Light"),
                (Colours.DARK, "Dark"),
            )
        }
        for action in self.colour_actions.values():
            action.setCheckable(True)
            group.addAction(action)
            colours_menu.addAction(action)

        help_menu = self._menu("&Help")
        self.about_action = self._action("about_action", "&About monitorapp", None)
        self.about_action.setToolTip("Show the version and the licence")
        self.about_action.setMenuRole(QAction.MenuRole.AboutRole)
        help_menu.addAction(self.about_action)

    def set_clearable(self, rows: int, undoable: int) -> None:
        """Set how many rows can be cleared, and how many can be brought back."""
        self.clear_action.setEnabled(rows > 0)
        self.undo_clear_action.setEnabled(undoable > 0)
        of_rows = f" of {plural(undoable, 'row')}" if undoable else ""
        self.undo_clear_action.setText(_UNDO_CLEAR + of_rows)

    def set_icons(self, icons: dict[QAction, QIcon]) -> None:
        """Give actions new icons, as when the palette has changed."""
        for action, icon in icons.items():
            action.setIcon(icon)

    def _menu(self, title: str) -> QMenu:
        menu = QMenu(title, self._window)
        self._menu_bar.addMenu(menu)
        return menu

    def _action(
        self, name: str, text: str, shortcut: QKeySequence.StandardKey | str | None
    ) -> QAction:
        action = QAction(text, self._window)
        action.setObjectName(name)
        if shortcut is not None:
            action.setShortcut(QKeySequence(shortcut))
        self._window.addAction(action)
        return action
