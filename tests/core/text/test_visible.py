from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.text.format import plural
from monitorapp.core.text.visible import cut, visible, visible_lines

any_text = st.text(st.characters(categories=None))  # lone surrogates too


@given(any_text)
def test_nothing_invisible_is_left(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"}
    assert not set(shown) & set("\u3164\u034f\ufe0f")
    shown.encode("utf-8")


@given(any_text)
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_printable_ascii_is_unchanged(text: str) -> None:
    assert visible(text) == text
    assert visible(text.encode()) == text


@given(st.binary())
def test_any_bytes_can_be_shown(data: bytes) -> None:
    assert visible(data).isprintable()


def test_escapes_name_the_character() -> None:
    assert visible("a\x1b[31m\u202eb\n\ud800\x7f") == "a\\x1b[31m\\u202eb\\n\\ud800\\x7f"
    assert visible(b"caf\xc3\xa9 \xff") == "caf\u00e9 \\xff"


@given(any_text)
def test_lines_stay_lines_and_only_they(text: str) -> None:
    shown = visible_lines(text)
    assert shown.count("\n") == text.count("\n")
    assert visible(shown.replace("\n", "").replace("\t", "")) == visible(
        text.replace("\n", "").replace("\t", "")
    )


@given(any_text, st.integers(0, 50))
def test_a_cut_says_how_much_is_missing(text: str, limit: int) -> None:
    short = cut(text, limit)
    if len(text) <= limit:
        assert short == text
    else:
        assert short == f"{text[:limit]}… ({plural(len(text) - limit, 'more character')})"
