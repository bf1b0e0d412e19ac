from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from monitorapp.core.record.codec import as_fields, from_fields
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.reason import Reason
from tests.factory import record, records


@given(records())
def test_what_is_written_as_json_is_read_again(interruption: Interruption) -> None:
    assert from_fields(json.loads(json.dumps(as_fields(interruption)))) == interruption


def test_a_record_of_another_version_is_read() -> None:
    read = from_fields({"time_s": 5, "uri": "/", "mood": "new"})
    assert (read.time_s, read.uri, read.reason) == (5.0, "/", Reason.OTHER)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("time_s", None),
        ("time_s", "now"),
        ("time_s", float("nan")),
        ("waited_s", True),
        pytest.param("remaining_s", 10**400, id="larger than floats"),
        ("number", 1.5),
        ("number", 2**70),
        ("uri", None),
        ("reason", "BORED"),
        ("reason", []),
        ("reason", Reason.CLOSED.value),
        ("headers", [["Host"]]),
        ("headers", {"Host": "x"}),
        ("cancelled", 1),
    ],
)
def test_a_wrong_field_is_named(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"The field {name}"):
        from_fields({**as_fields(record()), name: value})


@pytest.mark.parametrize("text", ["\ud800", "\udfff\ud800", "\x00", "\u2028", "\U0001f600"])
def test_any_character_is_read_as_it_was_written(text: str) -> None:
    written = record(uri=text, headers=((text, text),))
    line = json.dumps(as_fields(written))
    assert line.isascii()
    assert from_fields(json.loads(line)) == written


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity", "1e400", "1e300"])
def test_no_number_of_a_record_is_endless(constant: str) -> None:
    for name in ("time_s", "waited_s", "late_s"):
        with pytest.raises(ValueError, match=f"The field {name}"):
            from_fields({"time_s": 1, **json.loads(f'{{"{name}": {constant}}}')})


def test_a_record_needs_a_time() -> None:
    with pytest.raises(ValueError, match="needs the field time_s"):
        from_fields({})
