"""What is done inside the app's process, in its GUI thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PyQt5.QtCore import QItemSelectionModel, QPoint, Qt
from PyQt5.QtWidgets import QAction, QApplication, QDialog, QDockWidget, QFileDialog

from tests.end_to_end.driver import TEST, click, find
from tests.endurance import witness as seen
from tests.endurance.witness import waiting, witness


def do(step: str, function: str, *arguments: Any) -> Any:
    """Call a function of this module or of what is seen, and remember for which step it was."""
    steps = witness().gaps.steps
    if step not in steps[-1:]:
        steps.append(step)
    found = globals().get(function) or getattr(seen, function)
    return found(*arguments)


def press(name: str) -> bool:
    """Press a button or trigger an action, if it is there and enabled."""
    try:
        target = find(name)
    except LookupError:
        return False
    if not target.isEnabled():
        return False
    if not isinstance(target, QAction) and not target.isVisible():
        return False
    click(name)
    return True


def clear() -> bool:
    action = find("clear_action")
    if not action.isEnabled():
        return False
    witness().clear()
    action.trigger()
    return True


def undo_clear() -> bool:
    """Undo a Clear, if that can be done."""
    return press("undo_clear_action")


def leave_app(how: str) -> list[tuple[int, str, float]]:
    """Begin to quit; return what waits at that moment."""
    left = waiting()
    if how == "quit":
        find("quit_action").trigger()
    elif how == "close":
        find("main_window").close()
    return left


def steer(kind: str, picks: list[int]) -> list[tuple[int, str, float]]:
    """Finish, abort or extend some of those that wait; return which."""
    pane = find("waiting_dock")
    if not pane.isVisible():
        pane.toggle_action.trigger()
    pane.refresh()
    view = find("waiting_view")
    count = view.model().rowCount()
    if not count:
        return []
    selection = view.selectionModel()
    selection.clear()
    flags = QItemSelectionModel.SelectionFlag
    for pick in picks:
        selection.select(view.model().index(pick % count, 0), flags.Select | flags.Rows)
    chosen = set(pane.selected_numbers())
    found = [one for one in waiting() if one[0] in chosen]
    find(f"waiting_{kind}_action").trigger()
    return found


def stop_server() -> list[tuple[int, str, float]]:
    left = waiting()
    return left if press("server_toggle") else []


def drop_leaving() -> list[tuple[int, str, float]]:
    """Press "Drop them"; return what waits at that moment, where clients may be dropped."""
    left = waiting()
    return left if press("message_drop_leaving") else []


def listen(endpoint: str) -> bool:
    if not find("listen_action").isEnabled():
        return False
    find("listen_action").trigger()
    dialog = find("listen_dialog")
    dialog.setTextValue(endpoint)
    dialog.accept()
    return True


def set_delay(how: str, value: float) -> bool:
    if how == "type":
        box = find("delay_spin_box")
        if not box.isVisible():
            return False
        box.lineEdit().selectAll()
        TEST.keyClicks(box.lineEdit(), f"{value:g}")
        press_key("delay_spin_box", "Return")
        return True
    if how == "preset":
        actions = find("delay_bar").preset_actions
        actions[int(value) % len(actions)].trigger()
        return True
    if how == "kind":
        kinds = list(find("delay_bar").kind_button.kind_actions.values())
        kinds[int(value) % len(kinds)].trigger()
        try:
            dialog = find("delay_dialog")
        except LookupError:
            return True
        return press("delay_use" if dialog.isVisible() else "delay_cancel")
    return press(f"delay_{how}")


def press_key(name: str, key: str) -> None:
    TEST.keyClick(find(name), getattr(Qt.Key, f"Key_{key}"))


def set_filter(expression: str) -> str:
    """Set a filter as a saved one does; return what is in force."""
    find("filter_box").setText(expression)
    return str(find("filter_bar").filter.expression)


def type_filter(text: str) -> None:
    box = find("filter_box")
    box.setFocus()
    TEST.keyClicks(box, text)


def star(rows: list[int]) -> bool:
    view = find("interruptions_view")
    count = view.model().rowCount()
    if not count:
        return False
    selection, flags = view.selectionModel(), QItemSelectionModel.SelectionFlag
    selection.clear()
    for row in rows:
        index = view.model().index(row % count, 0)
        selection.select(index, flags.Select | flags.Rows)
    find("star_action").trigger()
    return True


def toggle_rows(rows: list[int]) -> bool:
    model = find("interruptions_view").model()
    for row in rows:
        if count := model.rowCount():
            model.toggle(row % count)
    return True


def open_group(row: int, is_open: bool) -> None:
    model = find("table_pane").groups_view.groups_model
    if count := model.rowCount():
        model.set_open(row % count, is_open)


def sort(column: int, view: str) -> None:
    """Click a title, as a user does."""
    pane = find("table_pane")
    table = pane.view if view == "table" else pane.groups_view
    header = table.horizontalHeader()
    section = header.shown_sections()[column % len(header.shown_sections())]
    at = QPoint(header.sectionViewportPosition(section) + header.sectionSize(section) // 2, 5)
    TEST.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


def show_column(place: int, is_shown: bool) -> None:
    header = find("table_pane").view.horizontalHeader()
    columns = header.columns
    header.set_column_visible(columns[place % len(columns)].key, is_shown)


def chart_keys(name: str, keys: list[str]) -> bool:
    if not find("rate_dock").isVisible():
        find("rate_action").trigger()
        return False
    for key in keys:
        press_key(name, key)
    return True


def scroll(share: float) -> None:
    for view in (find("table_pane").view, find("table_pane").groups_view):
        bar = view.verticalScrollBar()
        bar.setValue(round(bar.minimum() + share * (bar.maximum() - bar.minimum())))


def move_keys(keys: list[str]) -> None:
    for key in keys:
        press_key("interruptions_view", key)


def resize(width: int, height: int) -> None:
    find("main_window").resize(width, height)


def docks(place: int, what: str) -> bool:
    window = find("main_window")
    panes = window.findChildren(QDockWidget)
    pane = panes[place % len(panes)]
    if what == "toggle":
        pane.toggleViewAction().trigger()
    elif what == "float":
        pane.setFloating(not pane.isFloating())
    else:
        area = Qt.DockWidgetArea(1 << (place % 4))
        window.addDockWidget(area, pane)
    return True


def export(path: str) -> int:
    """Begin to export; return how many rows that are, or -1 if something else is going on."""
    transfer = find("main_window").transfer
    if transfer._stop is not None:
        return -1
    shown = len(find("table_pane").shown())
    transfer.export(Path(path))
    return shown


def import_files(paths: list[str]) -> bool:
    transfer = find("main_window").transfer
    if transfer._stop is not None:
        return False
    transfer.import_files([Path(path) for path in paths])
    return True


def open_run(row: int) -> bool:
    table = find("runs_table")
    table.selectRow(row % table.rowCount())
    return press("open_run_button")


def close_dialogs() -> None:
    for top in QApplication.topLevelWidgets():
        if isinstance(top, QDialog) and top.isVisible():
            top.reject()


def ask_and_cancel(name: str) -> None:
    """Open a file dialog, and leave it."""
    find(f"{name}_action").trigger()
    for top in QApplication.topLevelWidgets():
        if isinstance(top, QFileDialog) and top.isVisible():
            top.reject()


def campaign(fields: dict[str, object]) -> bool:
    if find("client_start").text() != "&Start":
        return False
    if not find("client_dock").isVisible():
        find("client_action").trigger()
    find("campaign_form").set_fields(fields)
    find("client_start").click()
    return True


def cancel_campaign() -> bool:
    button = find("client_start")
    if button.text() == "&Start" or not button.isEnabled():
        return False
    button.click()
    return True


def close_message() -> str:
    """Close the message that is shown; return whose it was."""
    bar = find("message_bar")
    if bar.isHidden() or not bar._messages:
        return ""
    owner = next(reversed(bar._messages))
    find("message_close").click()
    return str(owner)
