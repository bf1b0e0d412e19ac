from __future__ import annotations

from grimp import ImportGraph

from tests.own_room import imports_from_elsewhere


def broken_by(*imports: tuple[str, str]) -> list[str]:
    graph = ImportGraph()
    for importer, imported in imports:
        for module in (importer, imported):
            graph.add_module(module)
        graph.add_import(importer=importer, imported=imported)
    return imports_from_elsewhere(graph)


def test_within_its_room_a_module_may_be_imported() -> None:
    assert broken_by(("app.ui.table.view", "app.ui.table._scroll")) == []


def test_from_another_room_it_may_not() -> None:
    line = "app.ui.tables imports app.ui.table._scroll"
    assert broken_by(("app.ui.tables", "app.ui.table._scroll")) == [line]


def test_one_without_underscore_is_for_all() -> None:
    assert broken_by(("app.ui.groups", "app.ui.table.view"), ("app.ui", "app.__main__")) == []
