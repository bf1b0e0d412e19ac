from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitorapp.core.record.codec import NAMES
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome
from monitorapp.core.transfer.export import STEP, ExportError, export_steps
from monitorapp.core.transfer.formats import ExportFormat
from monitorapp.core.transfer.reading import Imported, import_steps
from tests.factory import record, records

pytestmark = pytest.mark.slow

ABOUT = 'All that match "<b>slow</b>".'


def text(kind: ExportFormat, *interruptions: Interruption) -> str:
    written = "".join(kind.texts(interruptions, ABOUT))
    written.encode(kind.encoding)
    return written


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.data: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.data.append(data)


@given(records())
def test_a_page_holds_text_only_as_text(interruption: Interruption) -> None:
    read, usual = Tags(), Tags()
    read.feed(text(ExportFormat.HTML, interruption))
    usual.feed(text(ExportFormat.HTML, record()))
    assert set(read.tags) <= set(usual.tags)
    assert read.attributes <= usual.attributes


def test_a_page_has_the_story_and_nothing_from_elsewhere() -> None:
    hostile = record(
        uri="/<script>alert(1)</script>?q=\"'&",
        headers=(("User-Agent", "<img src=http://example.com/x>"),),
        traceback="</pre><iframe src=//example.com>",
    )
    read = Tags()
    written = text(ExportFormat.HTML, hostile)
    read.feed(written)
    assert not {"script", "img", "iframe", "link"} & set(read.tags)
    assert not {"src", "href", "onclick"} & read.attributes
    assert "/<script>alert(1)</script>?q=\"'&" in read.data
    assert "</pre><iframe src=//example.com>" in read.data
    assert ABOUT in read.data
    assert any("after 1.000 s of a delay of 5.000 s" in data for data in read.data)


def test_the_template_engine_is_loaded_once_a_page_is_written() -> None:
    script = (
        "import sys; from monitorapp.core.transfer.formats import ExportFormat;"
        "assert 'jinja2' not in sys.modules; ''.join(ExportFormat.HTML.texts([], ''));"
        "assert 'jinja2' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_text_of_a_record_is_no_template() -> None:
    read = Tags()
    read.feed(text(ExportFormat.HTML, record(uri="/{{ 6 * 7 }}", message="{% raw %}")))
    assert "/{{ 6 * 7 }}" in read.data


@given(st.lists(records(), max_size=3))
def test_a_table_has_a_cell_for_each_field(interruptions: list[Interruption]) -> None:
    rows = list(csv.reader(io.StringIO(text(ExportFormat.CSV, *interruptions), newline="")))
    assert rows[0] == list(NAMES)
    assert [len(row) for row in rows] == [len(NAMES)] * (1 + len(interruptions))
    for row in rows[1:]:
        for name, cell in zip(NAMES, row, strict=True):
            risky = cell.startswith(("=", "+", "@", "\t", "\r", "\n", "-"))
            assert not risky or name.endswith("_s"), cell  # a number may be negative


def test_a_cell_has_no_nul() -> None:
    assert "a\\x00b" in text(ExportFormat.CSV, record(message="a\0b"))


def test_formulas_become_text_and_numbers_stay_numbers() -> None:
    one = record(uri="=cmd|' /C calc'!A0", remaining_s=-1.5, message="-2+3", method="@x")
    row = dict(zip(*csv.reader(io.StringIO(text(ExportFormat.CSV, one))), strict=True))
    assert row["uri"] == "'=cmd|' /C calc'!A0"
    assert row["message"] == "'-2+3"
    assert row["method"] == "'@x"
    assert row["remaining_s"] == "-1.5"


# Files


def write(path: Path, *interruptions: Interruption) -> list[int]:
    return list(export_steps(path, interruptions, ABOUT))


def test_a_file_is_written_in_steps(tmp_path: Path) -> None:
    path = tmp_path / "x.JSONL"
    assert write(path, *[record()] * (2 * STEP + 1)) == [STEP, 2 * STEP]
    assert len(path.read_text().splitlines()) == 2 * STEP + 1
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize("kind", ExportFormat)
def test_a_large_file_is_written_in_steps_too(tmp_path: Path, kind: ExportFormat) -> None:
    steps = [0, *write(tmp_path / f"x{kind.value}", *[record()] * 2_000), 2_000]
    assert all(0 <= after - before <= 1.5 * STEP for before, after in pairwise(steps))


@pytest.mark.parametrize("kind", ExportFormat)
def test_what_has_no_utf_8_is_written_as_an_escape(tmp_path: Path, kind: ExportFormat) -> None:
    path = tmp_path / f"x{kind.value}"
    write(path, record(uri="/\ud800", headers=(("\udfff", "\udc00\ud800"),)))
    written = path.read_text(kind.encoding)
    assert "/\\ud800" in written
    assert "udc00" in written


@pytest.mark.parametrize("name", ["x.txt", "x", "x.csv.gz", ".csv"])
def test_a_name_says_the_format(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match=r"ends in one of \.jsonl, \.csv, \.html"):
        write(tmp_path / name, record())
    assert not (tmp_path / name).exists()


def test_a_cancelled_export_leaves_the_old_file(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "x.csv"
    path.write_text("old")
    steps = export_steps(path, [record()] * 1_000, ABOUT)
    assert next(iter(steps)) == STEP
    assert isinstance(steps, Iterator)
    steps.close()  # type: ignore[attr-defined]
    assert [file.read_text() for file in folder.iterdir()] == ["old"]


def test_an_export_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "x.html"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportError, match=r"could not be written: No space left on device\."):
        write(path, record())
    assert [file.read_text() for file in folder.iterdir()] == ["old"]


def test_a_folder_that_is_missing_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"could not be written: No such file or directory\."):
        write(tmp_path / "none" / "x.csv", record())


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@given(texts=st.lists(st.text("=+-@;,\t|\"' \n\ra\uff1d"), min_size=3, max_size=3))
@example(texts=["x;=1+1", 'x;"=1+1', "\n;\t=1"])
def test_no_cell_is_a_formula_whatever_separates_them(separator: str, texts: list[str]) -> None:
    one = record(uri=texts[0], message=texts[1], traceback=texts[2])
    lines = io.StringIO(text(ExportFormat.CSV, one), newline="")
    for row in csv.reader(lines, delimiter=separator):
        for cell in row:
            is_number = re.fullmatch(r"-?[0-9.e+-]+", cell) is not None
            assert is_number or not cell.startswith(tuple("=+-@\uff1d")), cell


def test_outcomes_are_in_every_format_and_can_be_read_again(tmp_path: Path) -> None:
    rows = [
        record(outcome=Outcome.WENT_ON, wasted_s=2.5),
        record(outcome=Outcome.CANCELLED),
        record(),
    ]
    (heading, *lines) = csv.reader(io.StringIO(text(ExportFormat.CSV, *rows)))
    cells = [dict(zip(heading, line, strict=True)) for line in lines]
    assert [(row["outcome"], row["wasted_s"]) for row in cells] == [
        ("kept running", "2.5"),
        ("cancelled cleanly", "0.0"),
        ("", "0.0"),
    ]
    page = Tags()
    page.feed(text(ExportFormat.HTML, *rows))
    assert page.data.count("kept running, 2.500 s") == 1
    assert any(part.startswith("the work kept running for nobody") for part in page.data)
    path = tmp_path / "rows.jsonl"
    written = text(ExportFormat.JSONL, *rows, record(outcome=Outcome.RUNNING))
    path.write_text(written)
    first = json.loads(written.splitlines()[0])
    assert (first["outcome"], first["wasted_s"]) == ("WENT_ON", 2.5)
    imported = Imported()
    for _ in import_steps(path, imported):
        pass
    # Nobody knows whether that one still runs when the file is read.
    assert imported.interruptions == [*rows, record(outcome=Outcome.LAST_SEEN_RUNNING)]
