from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.web.server._goaway import GoAwayFilter

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, GOAWAY = 0, 1, 7


def frame(kind: int, body: bytes) -> bytes:
    return len(body).to_bytes(3, "big") + bytes([kind, 0, 0, 0, 0, 1]) + body


@given(
    st.lists(
        st.tuples(st.sampled_from([DATA, HEADERS, GOAWAY]), st.binary(max_size=30)), max_size=12
    ),
    st.lists(st.integers(1, 40), max_size=20),
)
def test_all_but_goaway_passes_however_it_is_cut(
    frames: list[tuple[int, bytes]], cuts: list[int]
) -> None:
    sent = PREFACE + b"".join(frame(kind, body) for kind, body in frames)
    wanted = PREFACE + b"".join(frame(kind, body) for kind, body in frames if kind != GOAWAY)
    goaway = GoAwayFilter()
    passed = b""
    for cut in cuts:
        passed += goaway.feed(sent[:cut])
        sent = sent[cut:]
    passed += goaway.feed(sent)
    assert passed == wanted


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_header_is_passed_once_it_is_whole(cut: int) -> None:
    goaway = GoAwayFilter()
    goaway.feed(PREFACE)
    whole = frame(DATA, b"body")
    assert goaway.feed(whole[:cut]) == b""
    assert goaway.feed(whole[cut:]) == whole
