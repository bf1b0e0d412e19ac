"""Repeated requests of clients for what they have just given up on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Final

from monitorapp.core.campaign.agents import is_own
from monitorapp.core.record.client import host_of, is_socket
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.request.ended import LEFT, RequestEnd

AGAIN_WITHIN_S: Final = 30.0
"""A request that begins so soon after an interruption, in seconds, is another try."""

UNSURE_S: Final = 0.001
"""Requests that overlapped by no more than this, in seconds, may have come one after the other."""

DRIFT: Final = 0.001
"""The same as a share of the wait: when requests began is known by the time of day, which may be
adjusted meanwhile, and how long they waited by a clock that is not."""

REMEMBERED: Final = 20_000

_Course = tuple[float, float, float, int]
"""The requests of a client for a path: when the one that ended last began, when it ended, how much
earlier that may have been, and how many tries in a row it was the last of; or `_SEVERAL`.

Ends come in the order of time, nearly always."""

_LEFT: Final = tuple(LEFT)  # to hash a member of an Enum takes longer than to look at three

_SEVERAL: Final = -1
"""Requests overlapped, so that they may be of several clients."""


class Tries:
    """Counts the tries of clients, as interruptions come in.

    A try N is the Nth request in a row of one client for one path, without the query, each of
    which it gave up, and each of which began within `AGAIN_WITHIN_S` after the end of the one
    before. An answer in between ends the row, and so does an interruption that was not the
    client's doing.

    Several clients can be behind one address: a proxy, a network, one machine. They are told
    apart by their User-Agents, and of the same address, User-Agent and path all are taken for
    one client as long as never two requests overlapped, of those known since the first was
    interrupted. Once two did, nothing is counted there any more: it may be several. Where
    nothing tells clients apart nothing is counted: on UNIX sockets, and of the clients of
    this app, each of which asks once. A request that overlapped and was answered before
    any was interrupted is not known.

    Args:
        remembered: How many clients with their paths are remembered; those that came last.
        overlaps: Returns whether the client of an interruption, by its host and User-Agent, waits
            now for the same path with another request, which began before a time, in seconds
            since the epoch; None if that is not known. It is asked before a second try is counted.
    """

    def __init__(
        self,
        remembered: int = REMEMBERED,
        overlaps: Callable[[Interruption, str, str, float], bool | None] = lambda *_: False,
    ) -> None:
        self._remembered = remembered
        self._overlaps = overlaps
        self._courses: dict[tuple[str, str, str], _Course] = {}  # the oldest first
        self._hosts: dict[str, int] = {}  # how many of these each host has

    def __len__(self) -> int:
        return len(self._courses)

    def count(self, interruption: Interruption) -> Interruption:
        """Return a new record with its number of tries."""
        # Each row comes here: what is rare is looked for in one step, and then looked at.
        client = interruption.client
        if not client or (client.startswith("unix") and is_socket(client)):
            return interruption
        agent = ""
        for name, value in interruption.headers:
            if name == "User-Agent":
                agent = value
        if agent.startswith("monitorapp") and is_own(agent):
            return interruption
        host = host_of(client)
        key = host, interruption.path, agent
        course = self._courses.pop(key, None)
        if course is not None and course[3] == _SEVERAL:
            self._courses[key] = course
            return interruption
        began_s, waited_s = interruption.began_s, interruption.waited_s
        if began_s is None:
            began_s = interruption.time_s - (waited_s or 0.0)
        ended_s = interruption.time_s if waited_s is None else began_s + waited_s
        has_left = interruption.reason in _LEFT
        if course is None:
            self._note_host(host)
            self._courses[key] = began_s, ended_s, interruption.late_s, int(has_left)
            return interruption
        course = _continued(course, began_s, ended_s, interruption.late_s, has_left=has_left)
        if course[3] > 1:
            surely_s = ended_s - interruption.late_s - UNSURE_S - DRIFT * (ended_s - began_s)
            others = self._overlaps(interruption, host, agent, surely_s)
            if others is not False:
                course = (*course[:3], _SEVERAL if others else 1)
        self._courses[key] = course
        tries = course[3] if course[1] == ended_s else 1  # else its record was late
        return replace(interruption, tries=tries) if tries > 1 else interruption

    def note_end(self, end: RequestEnd) -> None:
        """Take into account that a request was answered; others have a record to be counted."""
        # Mostly nothing is known of its host: an answered request must not cost much.
        if end.host in self._hosts and end.reason is None:
            key = end.host, end.path, end.header("User-Agent")
            course = self._courses.get(key)
            if course is not None:
                began_s, late_s = end.began_s, end.late_s
                ended_s = began_s + end.waited_s
                self._courses[key] = _continued(course, began_s, ended_s, late_s, has_left=False)

    def _note_host(self, host: str) -> None:
        """Note that there is one more of its clients and paths; forget the oldest of all."""
        hosts = self._hosts
        hosts[host] = hosts.get(host, 0) + 1
        # Several at once: to find the first of a dict takes long where others were before it.
        if len(self._courses) < self._remembered + self._remembered // 8:
            return
        for key in list(islice(self._courses, len(self._courses) - self._remembered + 1)):
            del self._courses[key]
            hosts[key[0]] -= 1
            if not hosts[key[0]]:
                del hosts[key[0]]


def _continued(
    course: _Course, began_s: float, ended_s: float, late_s: float, *, has_left: bool
) -> _Course:
    """Return what is known of a client and a path after one more request that has ended.

    Args:
        course: What was known.
        began_s: When the request began, in seconds since the epoch.
        ended_s: The same, when its end was noticed.
        late_s: How much earlier it may have ended.
        has_left: Whether its client gave it up.
    """
    last_began_s, last_ended_s, last_late_s, tries = course
    if tries == _SEVERAL or ended_s <= last_began_s:  # or its record was late
        return course
    follows = began_s >= last_ended_s
    if not follows:
        both_until_s = min(ended_s - late_s, last_ended_s - last_late_s)
        overlap_s = both_until_s - max(began_s, last_began_s)
        if overlap_s > UNSURE_S + DRIFT * (ended_s - began_s):
            return last_began_s, last_ended_s, last_late_s, _SEVERAL
    if not has_left:
        tries = 0
    elif follows and tries and began_s - last_ended_s <= AGAIN_WITHIN_S:
        tries += 1
    else:
        tries = 1
    if ended_s < last_ended_s:
        return last_began_s, last_ended_s, last_late_s, tries
    return began_s, ended_s, late_s, tries
