from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.campaign.target import is_target, parse_target


def test_a_url_is_taken_apart() -> None:
    target = parse_target(" http://127.0.0.1:8080/ ", "/slow?x=1")
    assert (target.scheme, target.host, target.port) == ("http", "127.0.0.1", 8080)
    assert (target.authority, target.path) == ("127.0.0.1:8080", "/slow?x=1")
    assert target.origin == "http://127.0.0.1:8080/"


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://example.org", "example.org"),
        ("https://example.org/", "example.org"),
        ("https://[::1]:8443/", "[::1]:8443"),
        ("http://bücher.example:80/", "xn--bcher-kva.example"),
        ("unix:/run/web", "localhost"),
    ],
)
def test_the_host_header_is_that_of_the_url(url: str, authority: str) -> None:
    assert parse_target(url).authority == authority


@pytest.mark.parametrize(
    ("url", "path", "asked"),
    [
        ("http://a/", "/", "/"),
        ("http://a/b?c", "/", "/b?c"),
        ("http://a/b", "/d", "/d"),
        ("http://a/", "", "/"),
        ("http://a/", "slow", "/slow"),
        ("http://a/", "/ä b", "/%C3%A4%20b"),
        ("http://a/", "/%41", "/%41"),
        ("unix:/run/web", "/x", "/x"),
    ],
)
def test_the_path_can_stand_in_a_request_line(url: str, path: str, asked: str) -> None:
    assert parse_target(url, path).path == asked


@given(st.text())
def test_no_path_breaks_a_request_line(path: str) -> None:
    asked = parse_target("http://a/", path).path
    assert asked.startswith("/")
    assert all("!" <= character <= "~" for character in asked)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "not to ''"),
        ("example.org", "not to 'example.org'"),
        ("ftp://example.org/", "not to 'ftp://example.org/'"),
        ("http://", "not to 'http://'"),
        ("http://a:99999/", "is not a URL: Port out of range"),
        ("http://a:b/", "is not a URL: "),
        ("http://[::1/", "is not a URL"),
        ("http://me:secret@a/", "Leave them out"),
        ("http://a b/", "is not a host name"),
        ("http://..a/", "is not a host name"),
        ("unix:", "not to 'unix:'"),
    ],
)
def test_other_targets_are_refused_in_a_sentence(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_target(url)


def taken(url: str) -> str:
    try:
        target = parse_target(url)
    except ValueError as error:
        return str(error)
    return f"GET {target.path} to {target.authority}."


@given(st.text())
def test_whatever_is_typed_is_a_target_or_a_sentence(typed: str) -> None:
    for url in (typed, f"http://{typed}/"):
        said = taken(url)
        assert said.endswith(".")
        assert said.isascii() or not said.startswith("GET ")


@pytest.mark.parametrize(
    ("url", "own", "is_own"),
    [
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/", True),
        ("http://localhost:8080", "http://127.0.0.1:8080/", True),
        ("http://[::1]:8080/", "http://localhost:8080/", True),
        ("https://localhost:8080/", "http://localhost:8080/", False),
        ("http://localhost:8081/", "http://localhost:8080/", False),
        ("http://example.org:8080/", "http://localhost:8080/", False),
        ("unix:/a", "unix:/a", True),
        ("unix:/a", "unix:/b", False),
        ("http://a/", "", False),
    ],
)
def test_the_own_server_is_known_under_its_names(url: str, own: str, is_own: bool) -> None:
    assert parse_target(url).is_at(own) == is_own


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("http://127.0.0.1:8080/", True),
        ("https://[::1]:8443/", True),
        ("unix:/run/web", True),
        ("", False),
        ("UNIXAddress('\\x00')", False),
    ],
)
def test_what_can_be_asked_is_known_before_it_is(url: str, is_one: bool) -> None:
    assert is_target(url) == is_one
