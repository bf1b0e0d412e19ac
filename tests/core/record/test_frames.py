from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.python.failure import Failure

from monitorapp.core.record.frames import Frame, folded, has_library_frames, parse

TWISTED = "/v/lib/python3.11/site-packages/twisted/internet/defer.py"
OWN = '  File "/home/me/app.py", line 7, in render\n    answer()'


def library(path: str) -> str:
    return f'  File "{path}", line 3, in f\n    g()\n    ~^^'


def texts(parts: list[Frame | str]) -> str:
    return "\n".join(part.text if isinstance(part, Frame) else part for part in parts)


def test_a_failure_s_own_text_has_its_frames() -> None:
    try:
        raise ValueError("no\nway")
    except ValueError:
        text = Failure().getTraceback()
    frames = [part for part in parse(text) if isinstance(part, Frame)]
    assert [frame.function for frame in frames] == ["test_a_failure_s_own_text_has_its_frames"]
    assert frames[0].path == __file__
    assert not frames[0].library
    assert folded(text) == text


def test_the_brief_form_of_twisted_is_read_too() -> None:
    (frame,) = parse(f"{TWISTED}:1082:_runCallbacks")
    assert isinstance(frame, Frame)
    assert (frame.path, frame.line, frame.function) == (TWISTED, 1082, "_runCallbacks")
    assert frame.library == "twisted"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (TWISTED, "twisted"),
        ("/usr/lib/python3/dist-packages/zope/interface.py", "zope"),
        ("/usr/lib/python3.12/json/decoder.py", "the standard library"),
        (r"C:\Python311\Lib\site-packages\six.py", "six"),
        ("/src/twisted/web/http.py", "twisted"),
        ("/home/me/app.py", ""),
        ("<string>", ""),
    ],
)
def test_a_path_tells_the_library(path: str, name: str) -> None:
    assert Frame(path, 1, "f", "").library == name


def test_neighbouring_library_frames_become_one_line() -> None:
    text = "\n".join(
        [
            "Traceback (most recent call last):",
            *([library(TWISTED)] * 5),
            OWN,
            library("/usr/lib/python3.11/json/decoder.py"),
            "ValueError: no",
        ]
    )
    assert has_library_frames(text)
    assert folded(text).split("\n") == [
        "Traceback (most recent call last):",
        "  … 5 frames in twisted",
        *OWN.split("\n"),
        "  … 1 frame in the standard library",
        "ValueError: no",
    ]


def test_a_fold_names_few_libraries() -> None:
    text = "\n".join(library(f"/site-packages/p{number}/a.py") for number in range(9))
    assert folded(text) == "  … 9 frames in p0, p1, p2, others"


def test_a_message_that_looks_like_an_address_is_no_frame() -> None:
    text = "E: http://host:80:x\nhost:80:x"
    assert parse(text) == text.split("\n")


def test_a_very_long_line_takes_no_long_time() -> None:
    text = '  File "' + '", line 1, i' * 20_000 + "\n" + "a.py:" * 20_000
    assert texts(parse(text)) == text


PIECES = st.sampled_from(
    ["\n", "    ", OWN, library(TWISTED), f"{TWISTED}:1:f", '  File "', '", line 1', ", in ", "x"]
)


@given(st.lists(PIECES | st.text(max_size=10), max_size=30).map("".join))
def test_nothing_is_lost_of_any_text(text: str) -> None:
    assert texts(parse(text)) == text
    own = [part for part in parse(text) if not isinstance(part, Frame) or not part.library]
    lines = folded(text).split("\n")
    for part in own:
        shown = part if isinstance(part, str) else part.text
        assert shown.split("\n")[0] in lines
