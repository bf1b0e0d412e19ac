"""The menu of a row: what can be filtered by what it says."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtWidgets import QAction, QMenu, QWidget

from monitorapp.core.filter_language import quote
from monitorapp.core.interruption import Interruption
from monitorapp.core.text import cut

_SHOWN_CHARACTERS = 50


def filter_terms(interruption: Interruption) -> list[tuple[str, str]]:
    """Return what a row can be filtered by: a name for it, and the term that it matches."""
    terms = []
    host = interruption.client.rpartition(":")[0].strip("[]")
    if host and not interruption.client.startswith("unix"):
        terms.append((f"client {host}", f"client:{quote(host)}"))
    if interruption.path:
        terms.append((f"path {interruption.path}", f"path:{quote(interruption.path)}"))
    reason = interruption.reason.value
    terms.append(
        (
            f"reason \N{LEFT DOUBLE QUOTATION MARK}{reason}\N{RIGHT DOUBLE QUOTATION MARK}",
            f"reason:{quote(reason)}",
        )
    )
    return terms


def row_menu(
    interruption: Interruption,
    actions: list[QAction],
    choose: Callable[[str], None],
    parent: QWidget,
) -> QMenu:
    """Return a menu that offers to show only such rows as this one, or none of them.

    Args:
        interruption: What the row shows.
        actions: What else can be done with it; they come first.
        choose: Called with the term of the filter language that was chosen.
        parent: Where the menu belongs.
    """
    menu = QMenu(parent)
    menu.setObjectName("row_menu")
    menu.addActions(actions)
    menu.addSeparator()
    for word, sign in (("Only", ""), ("Not", "-")):
        for name, term in filter_terms(interruption):
            shown = cut(name, _SHOWN_CHARACTERS).replace("&", "&&")  # no mnemonic
            action = menu.addAction(f"{word} {shown}")
            if action is not None:
                action.setObjectName(f"{word.lower()}_{term.partition(':')[0]}_action")
                action.triggered.connect(lambda _, term=sign + term: choose(term))
    return menu
