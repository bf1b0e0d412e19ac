from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitorapp import __version__
from monitorapp.app.options import Options, default_history
from monitorapp.cli.parser import parse
from monitorapp.cli.window import options_of
from monitorapp.core.records.store import DEFAULT_KEEP
from monitorapp.web.server.endpoint import DEFAULT_ENDPOINT


def parse_options(arguments: list[str]) -> Options:
    return options_of(parse(arguments))


def test_without_arguments_there_are_defaults() -> None:
    assert parse_options([]) == Options(DEFAULT_ENDPOINT, None, DEFAULT_KEEP, default_history(), 30)


def test_all_options_are_read() -> None:
    endpoint = r"tcp6:0:interface=\:\:1"
    arguments = f"--listen {endpoint} --delay 0.25 --keep 7 --vanished-after 60 --history h"
    arguments += " --seed 42"
    assert parse_options(arguments.split()) == Options(endpoint, 0.25, 7, Path("h"), 60, 42)


def test_there_can_be_no_history() -> None:
    assert parse_options(["--history", "none"]).history is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--delay", "nan"], "between 0 and 3600 seconds, not nan"),
        (["--delay", "-1"], "between 0 and 3600 seconds, not -1"),
        (["--delay", "1,5"], "Write the decimals after a point"),
        (["--delay", ""], "a number of seconds"),
        (["--delay", "3601"], "between 0 and 3600"),
        (["--keep", "0"], "From 1 to 10,000,000"),
        (["--keep", "many"], "From 1 to 10,000,000"),
        (["--listen", "nonsense"], "not an endpoint to listen on"),
        (["--listen", "tcp:http"], "not a port number"),
        (["--listen", "tcp:70000"], "between 0 and 65535"),
        (["--keep", "9" * 5000], "From 1 to 10,000,000"),
        (["--vanished-after", "-1"], "between 5 and 86,400 seconds, or is 0"),
        (["--vanished-after", "nan"], "between 5 and 86,400 seconds, or is 0"),
        (["--vanished-after", "soon"], "between 5 and 86,400 seconds, or is 0"),
        (["--seed", "-1"], "A seed is a whole number of at most 18 digits, not '-1'."),
        (["--seed", "luck"], "A seed is a whole number"),
        (["--seed", "9" * 5000], "A seed is a whole number"),
        (["--li=tcp:80"], "unrecognized arguments"),
        (["--hist", "x"], "unrecognized arguments: --hist"),
        (["--keep", "5", "--hist", "x"], "unrecognized arguments: --hist"),
        (["--hist", "export", "x.csv"], "unrecognized arguments: --hist"),
        (["--hist", "x", "--keep", "0"], "From 1 to 10,000,000"),
        (["extra"], "invalid choice: 'extra'"),
        (["extra", "--hist"], "invalid choice: 'extra'"),
        (["export", "x.csv", "--colour"], "unrecognized arguments: --colour"),
        (
            ["--history", "h", "export", "x.csv"],
            "options go after the command: monitorapp export",
        ),
        (["--keep", "5", "export", "x.csv"], "options go after the command"),
        (["export", "--bogus", "x.csv"], "usage: monitorapp export"),
        (["export"], "the following arguments are required: FILE"),
        (["export", "x.csv", "--listen", "tcp:0"], "unrecognized arguments: --listen"),
    ],
)
def test_bad_values_are_usage_errors(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_options(arguments)
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("usage: monitorapp")
    assert sentence in error


@pytest.mark.parametrize("written", [["--filter", "-slow"], ["--filter=-slow"]])
def test_a_filter_can_begin_with_a_sign(written: list[str]) -> None:
    assert parse(["export", "x.csv", *written]).filter == "-slow"


def test_the_version_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_options(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"monitorapp {__version__}\n"


def test_the_commands_are_named_by_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_options(["--help"])
    assert caught.value.code == 0
    assert re.search("^    export +Write", capsys.readouterr().out, re.MULTILINE)


def test_a_command_describes_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_options(["export", "--help"])
    assert caught.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("usage: monitorapp export")
    assert ".jsonl, .csv or .html" in said
