from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from monitorapp.ui.widgets import resources
from monitorapp.ui.widgets.resources import resource_path


def test_a_resource_of_the_checkout_is_found() -> None:
    assert resource_path("monitorapp.svg").read_bytes().startswith(b"<svg")


def test_a_missing_resource_is_named_with_the_places() -> None:
    with pytest.raises(FileNotFoundError, match=r"'no-such\.svg' is missing.*resources"):
        resource_path("no-such.svg")


def test_the_installed_folder_comes_before_the_one_beside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed, beside = tmp_path / "monitorapp" / "resources", tmp_path / "resources"
    for folder in (installed, beside):
        folder.mkdir(parents=True)
        (folder / "both.svg").write_text("")
    (beside / "one.svg").write_text("")
    monkeypatch.setattr(resources, "_FOLDERS", (installed, beside))
    assert resource_path("both.svg") == installed / "both.svg"
    assert resource_path("one.svg") == beside / "one.svg"


def test_the_desktop_entry_names_the_command_and_the_icon() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(resource_path("monitorapp.desktop"), encoding="utf-8")
    section = entry["Desktop Entry"]
    assert section["Type"] == "Application"
    assert section["Exec"] == "monitorapp"
    assert resource_path(f"{section['Icon']}.svg")
    assert section["Categories"] == "Development;Network;Monitor;Qt;"
