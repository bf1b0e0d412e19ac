from __future__ import annotations

import pytest

from monitorapp.core.editor.command import editor_command, source_place

FILE = "/a b/{line} $(x);.py"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("code -g {file}:{line}", ["code", "-g", f"{FILE}:7"]),
        ("vi +{line} {file}", ["vi", "+7", FILE]),
        ("'/opt/my editor' --line={line}", ["/opt/my editor", "--line=7", FILE]),
    ],
)
def test_what_the_person_has_set_comes_first(template: str, expected: list[str]) -> None:
    assert editor_command(template, "gvim", FILE, 7) == expected


@pytest.mark.parametrize(
    ("visual", "expected"),
    [
        ("gvim", ["gvim", "+7", FILE]),
        ("/usr/bin/emacsclient -c", ["/usr/bin/emacsclient", "-c", "+7", FILE]),
        ("emacs", ["emacs", "+7", FILE]),
        ("kate", ["kate", "--line", "7", FILE]),
        ("code --wait", ["code", "--wait", "-g", f"{FILE}:7"]),
        ("code -g", ["code", "-g", f"{FILE}:7"]),
        ("subl", ["subl", f"{FILE}:7"]),
        ("zed", ["zed", f"{FILE}:7"]),
        ("vim", None),  # it would not be seen
        ("emacs -nw", None),
        ("emacsclient -t", None),
        ("unheard-of", None),
        ("'not closed", None),
        ("''", None),
        (" ", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("template", [None, "", "  "])
def test_else_it_is_visual_if_it_opens_a_window(
    template: str | None, visual: str | None, expected: list[str] | None
) -> None:
    assert editor_command(template, visual, FILE, 7) == expected


def test_a_broken_template_is_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match="quotation mark in the editor's command is not closed"):
        editor_command("code '{file}", None, FILE, 7)


@pytest.mark.parametrize(
    ("began_at", "expected"),
    [
        ("/a/b.py:12", ("/a/b.py", 12)),
        ("C:\\a:b.py:3", ("C:\\a:b.py", 3)),
        ("/a/b.py:0", ("/a/b.py", 1)),
        ("/a/b.py", None),
        (":3", None),
        ("/a:-3", None),
        ("/a:\N{SUPERSCRIPT TWO}", None),
        ("", None),
    ],
)
def test_a_place_is_a_file_and_a_line(began_at: str, expected: tuple[str, int] | None) -> None:
    assert source_place(began_at) == expected
