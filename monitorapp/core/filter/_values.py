"""The values in an expression of the filter language: durations, times, counts and clients."""

from __future__ import annotations

import datetime
import ipaddress
import re
from collections.abc import Callable
from typing import Final, NoReturn

from lark import Token

from monitorapp.core.filter.error import FilterError
from monitorapp.core.record.client import host_of, is_ip_address, within

_UNITS_S: Final = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_DURATION: Final = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|min|m|h|)", re.IGNORECASE)


def wrong(problem: str, first: Token, last: Token) -> NoReturn:
    """Raise a `FilterError` about what stands from the first token to the last."""
    start = first.start_pos or 0
    end = last.end_pos or start + len(first)
    raise FilterError(problem, start, end)


def text_of(token: Token) -> str:
    """Return what a phrase or a word stands for."""
    return re.sub(r'\\(["\\])', r"\1", token[1:-1]) if token.type == "PHRASE" else str(token)


def duration_s(name: Token, value: Token) -> float:
    """Return a duration in seconds.

    Raises:
        FilterError: It is none.
    """
    parts = _DURATION.fullmatch(value)
    if parts is None:
        wrong("A duration looks like 1.5s, 200ms, 2min or 1h.", name, value)
    return float(parts[1]) * _UNITS_S[parts[2].lower()]


def count(name: Token, value: Token) -> int:
    """Return a number of tries.

    Raises:
        FilterError: It is none.
    """
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        wrong("A number of tries looks like 2.", name, value)
    return int(value)


def time_s(name: Token, value: Token, today: datetime.date) -> float:
    """Return a local time in seconds since the epoch.

    Args:
        name: The field.
        value: The time.
        today: The day that a time without one belongs to.

    Raises:
        FilterError: It is none.
    """
    try:
        if "-" in value:
            moment = datetime.datetime.fromisoformat(value)
        else:
            hour = value if ":" in value else f"{value}:00"
            clock = datetime.time.fromisoformat(hour.zfill(len(hour) + (hour[1:2] == ":")))
            moment = datetime.datetime.combine(today, clock)
        return moment.timestamp()
    except (ValueError, OverflowError, OSError):
        wrong("A time looks like 10:30, 10:30:15 or 2026-11-24T10:30.", name, value)


def is_network(value: Token) -> bool:
    """Return whether a client is named by its network."""
    return "/" in value and value.type != "PHRASE"


def client_like(name: Token, value: Token) -> Callable[[str], bool]:
    """Return what tells whether a client's address is, begins with or is in `client:VALUE`.

    Raises:
        FilterError: It looks like a network, and is none.
    """
    wanted = text_of(value).lower()
    if value.type == "PHRASE":
        return lambda client: wanted in (client.lower(), host_of(client).lower())
    if is_network(value):
        return _within(name, value)
    if is_ip_address(wanted):
        return lambda client: host_of(client).lower() == wanted
    beginning = wanted.lstrip("[")
    return lambda client: client.lower().lstrip("[").startswith(beginning)


def client_equal(name: Token, value: Token) -> Callable[[str], bool]:
    """Return what tells whether a client's address is `client=VALUE`, or in that network.

    Raises:
        FilterError: It looks like a network, and is none.
    """
    wanted = text_of(value)
    if is_network(value) and not wanted.startswith("unix:"):
        return _within(name, value)
    if value.type != "PHRASE" and is_ip_address(wanted):
        wanted = str(ipaddress.ip_address(wanted))  # as it is recorded, however it is written
    return lambda client: wanted in (host_of(client), client)


def _within(name: Token, value: Token) -> Callable[[str], bool]:
    try:
        return within(str(value).lower())
    except ValueError:
        wrong("A network looks like 10.0.0.0/8 or 2001:db8::/32.", name, value)
