from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from monitorapp.core.record.fields import as_fields, from_fields
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
        ("number", 1.5),
        ("number", 2**70),
        ("uri", None),
        ("reason", "BORED"),
        ("reason", []),
        ("headers", [["Host"]]),
        ("headers", {"Host": "x"}),
        ("cancelled", 1),
    ],
)
def test_a_wrong_field_is_named(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"The field {name}"):
        from_fields({**as_fields(record()), name: value})


def test_a_record_needs_a_time() -> None:
    with pytest.raises(ValueError, match="needs the field time_s"):
        from_fields({})
