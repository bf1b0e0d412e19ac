from __future__ import annotations

import shlex

from hypothesis import given

from monitorapp.core.record.curl import curl_command
from monitorapp.core.record.interruption import Interruption
from tests.factory import record, records

URL = "http://127.0.0.1:8080/"


def test_it_asks_the_same_and_waits_as_long() -> None:
    row = record(waited_s=1.0042, uri="/slow?a=1&b=[2]", headers=(("User-Agent", "it's me"),))
    assert curl_command(row, URL) == (
        "curl --globoff --max-time 1.004 --header 'User-Agent: it'\"'\"'s me' --path-as-is"
        " 'http://127.0.0.1:8080/slow?a=1&b=[2]'"
    )


def test_other_methods_and_targets() -> None:
    head = curl_command(record(method="HEAD", headers=()), "https://[::1]:8443/") or ""
    assert "--head --insecure" in head
    options = curl_command(record(method="OPTIONS", uri="*", headers=()), URL) or ""
    assert options.endswith("--request OPTIONS --request-target '*' http://127.0.0.1:8080")


def test_another_host_is_named() -> None:
    for host, is_named in (("example.org", True), ("127.0.0.1:8080", False)):
        command = curl_command(record(headers=(("Host", host),)), URL) or ""
        assert (f"Host: {host}" in command) is is_named


def test_without_a_server_the_client_names_the_host() -> None:
    assert (curl_command(record(), "") or "").endswith("'http://localhost/slow?x=1'")
    assert curl_command(record(headers=()), "") is None


def test_what_is_not_known_cannot_be_asked() -> None:
    assert curl_command(record(method=""), URL) is None


@given(records())
def test_nothing_in_it_is_a_command_of_its_own(interruption: Interruption) -> None:
    command = curl_command(interruption, URL)
    if command is not None:
        words = shlex.split(command)
        assert words[0] == "curl"
        assert any(word.startswith("http://127.0.0.1:8080") for word in words)
        for name, value in interruption.headers:
            assert f"{name}: {value}" in words or value == "127.0.0.1:8080"
