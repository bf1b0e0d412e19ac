"""The menu of a row: copies it, or filters by one of its values."""

from __future__ import annotations

import json
from collections.abc import Callable

from PyQt5.QtWidgets import QAction, QMenu, QWidget

from monitorapp.core.filter.language import exactly
from monitorapp.core.record.client import host_of, is_socket
from monitorapp.core.record.codec import as_fields
from monitorapp.core.record.curl import curl_command
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.text.visible import cut

_SHOWN_CHARACTERS = 50


def filter_values(interruption: Interruption) -> list[tuple[str, str, str]]:
    """Return what a row can be filtered by: a name for it, the field, and its value."""
    values = []
    host = host_of(interruption.client)
    if host and not is_socket(host):
        values.append((f"client {host}", "client", host))
    if interruption.path:
        values.append((f"path {interruption.path}", "path", interruption.path))
    reason = interruption.reason.value
    values.append((f"reason {_quoted(reason)}", "reason", reason))
    if interruption.outcome is not None:
        outcome = interruption.outcome.value
        values.append((f"outcome {_quoted(outcome)}", "outcome", outcome))
    return values


def _quoted(text: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}"


def row_menu(
    interruption: Interruption,
    base_url: str,
    actions: list[QAction],
    choose: Callable[[str], None],
    copy: Callable[[str], None],
    parent: QWidget,
    open_source: Callable[[], None] | None = None,
) -> QMenu:
    """Return a menu that offers to copy a row, and to show only such rows, or none of them.

    Args:
        interruption: What the row shows, with what is known of its outcome.
        base_url: URL of the server; empty if it does not run.
        actions: What else can be done with it; they come first.
        choose: Called with the term of the filter language that was chosen.
        copy: Called with the text to be copied.
        parent: Where the menu belongs.
        open_source: Called when the render method is to be opened in an editor; None if its
            file is not here.
    """
    menu = QMenu(parent)
    menu.setObjectName("row_menu")
    menu.addActions(actions)
    command = curl_command(interruption, base_url)
    as_json = json.dumps(as_fields(interruption), ensure_ascii=False, indent=2)
    for name, title, text in (
        ("copy_json_action", "Copy as &JSON", as_json),
        ("copy_curl_action", "Copy as c&url command", command),
    ):
        action = menu.addAction(title)
        if action is not None:
            action.setObjectName(name)
            action.setEnabled(text is not None)
            action.triggered.connect(lambda _, text=text: copy(text))
    edit = menu.addAction("Open in &editor")
    if edit is not None:
        edit.setObjectName("open_source_action")
        edit.setEnabled(open_source is not None)
        edit.triggered.connect(lambda _: open_source() if open_source is not None else None)
    menu.addSeparator()
    for word, negated in (("Only", False), ("Not", True)):
        for name, field, value in filter_values(interruption):
            shown = cut(name, _SHOWN_CHARACTERS).replace("&", "&&")  # no mnemonic
            action = menu.addAction(f"{word} {shown}")
            if action is not None:
                action.setObjectName(f"{word.lower()}_{field}_action")
                term = exactly(field, value, negated)
                action.triggered.connect(lambda _, term=term: choose(term))
    return menu
