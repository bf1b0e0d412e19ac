from __future__ import annotations

import pytest

from monitorapp.ui.window.hint import NO_DELAY, empty_hint, impatient_command, patience_s

URL = "http://127.0.0.1:8080/"


@pytest.mark.parametrize(
    ("delay_s", "typical_s", "expected_s"),
    [(5, 5, 1), (0.5, 0.5, 0.25), (0, 5, 1), (0, 0.5, 0.25), (0, 0, 0)],
)
def test_a_request_gives_up_before_its_delay_is_over(
    delay_s: float, typical_s: float, expected_s: float
) -> None:
    assert patience_s(delay_s, typical_s) == expected_s


@pytest.mark.parametrize(
    ("address", "command"),
    [
        (URL, "curl -m 0.25 http://127.0.0.1:8080/"),
        ("https://[::1]:8443/", "curl -k -m 0.25 https://[::1]:8443/"),
        ("unix:/run/web", "curl -m 0.25 --unix-socket /run/web http://localhost/"),
    ],
)
def test_a_command_for_each_kind_of_address(address: str, command: str) -> None:
    assert impatient_command(address, 0.25) == command


@pytest.mark.parametrize(
    ("of_source", "hides_rows", "address", "patience_s", "title", "command"),
    [
        ("No record matches.", True, "", 0.0, "No record matches.", ""),
        ("", True, "", 0.0, "No row matches the filter.", ""),
        ("", False, "", 1.0, "The server does not listen. Press Start to produce rows.", ""),
        ("", False, URL, 0.0, NO_DELAY, ""),
        (
            "",
            False,
            URL,
            1.0,
            "No interrupted responses yet. Press Interrupt one, or let a client give up:",
            f"curl -m 1 {URL}",
        ),
    ],
)
def test_the_first_reason_counts(
    of_source: str, hides_rows: bool, address: str, patience_s: float, title: str, command: str
) -> None:
    hint = empty_hint(
        of_source=of_source, hides_rows=hides_rows, address=address, patience_s=patience_s
    )
    assert hint == (title, command)
