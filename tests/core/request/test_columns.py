from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.request import columns as module
from monitorapp.core.request.columns import CUT, LONGEST_TEXT, OTHERS, EndColumns, Gathering
from monitorapp.core.request.ended import RequestEnd
from tests.core.request.ends import end
from tests.core.request.strategies import columns, ends, rows


def plain(one: RequestEnd) -> tuple[object, ...]:
    return (
        str(one.method.decode()),
        one.path,
        one.host,
        one.header("User-Agent"),
        "" if one.reason is None else one.reason.value,
        one.began_s + one.waited_s,
        one.waited_s,
        -1.0 if one.delay_s is None else one.delay_s,
        one.bytes_written,
        b"?" in one.uri,
    )


@given(st.lists(st.lists(ends(), min_size=1, max_size=20), max_size=5))
def test_columns_have_what_a_list_of_ends_has(batches: list[list[RequestEnd]]) -> None:
    gathering = Gathering("a-process")
    parts = [gathering.add(batch) for batch in batches]
    copied = gathering.columns.copy()
    assert rows(copied) == [plain(one) for batch in batches for one in batch]
    assert [rows(part) for part in parts] == [[plain(one) for one in batch] for batch in batches]
    together = EndColumns("a-process")
    for part in parts:
        together.extend(part)
    assert rows(together) == rows(copied)
    assert all(len(set(texts)) == len(texts) for texts in together.texts.values())


@given(columns(), columns())
def test_a_copy_stays_as_it_is(one: EndColumns, other: EndColumns) -> None:
    copied, before = one.copy(), rows(one)
    one.extend(other)
    assert rows(copied) == before
    assert rows(one) == before + rows(other)


def test_texts_are_bounded() -> None:
    gathering = Gathering()
    gathering.add([end(uri=b"/" + b"\xff" * 20_000)])
    (path,) = gathering.columns.texts["path"]
    assert path == ("/" + r"\xff" * LONGEST_TEXT)[:LONGEST_TEXT] + CUT


def test_too_many_different_texts_are_the_others() -> None:
    gathering = Gathering()
    of = 500
    many = [end(uri=b"/%d/" % number + b"x" * 390) for number in range(module.MOST_ROWS // 2)]
    for start in range(0, len(many), of):
        gathering.add(many[start : start + of])
    texts = gathering.columns.texts["path"]
    assert texts[-1] == OTHERS
    assert sum(map(len, texts)) <= module.MOST_CHARACTERS + len(OTHERS)
    gathering.add(many[:1])
    assert texts[gathering.columns.codes["path"][-1]].startswith("/0/")
    assert len(gathering.columns) == len(many) + 1
