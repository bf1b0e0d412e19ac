"""The walls between the rooms, as far as import-linter cannot be asked for them by a pattern."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from importlinter.api import read_configuration

ROOT = Path(__file__).parent.parent


def contracts() -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = read_configuration(str(ROOT / "pyproject.toml"))[
        "contracts_options"
    ]
    return [contract for contract in options if contract["type"] == "protected"]


def underscored() -> list[str]:
    """Return the modules that begin with an underscore, and so are for their own room only."""
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / "monitorapp").rglob("_*.py"))
        if not path.name.startswith("__")
    ]


@pytest.mark.parametrize("module", underscored())
def test_what_is_for_one_room_is_protected_from_the_others(module: str) -> None:
    room = module.rpartition(".")[0]
    assert [
        contract["allowed_importers"]
        for contract in contracts()
        if module in contract["protected_modules"]
    ] == [[room]]


def test_what_is_protected_is_there() -> None:
    protected = [module for contract in contracts() for module in contract["protected_modules"]]
    assert sorted(protected) == underscored()
