"""What the app says, compared with itself, with its history and with what its clients did."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from contextlib import closing
from typing import Final

from monitorapp.core.filter.language import EVERYTHING, parse_filter
from monitorapp.core.history.reader import search
from monitorapp.core.record.interruption import INTERRUPTED_MESSAGE, Interruption
from tests.endurance.clients import State
from tests.endurance.log import bad_lines
from tests.endurance.session import Session, Wrong

MOST_COMPARED: Final = 3_000
"""Records of a run that is read again, at most."""


class Comparing(Session):
    """Compares."""

    def _problems(self) -> list[str]:
        """Return what does not agree; some of it may be on its way."""
        seen = self.seen
        waiting, answered, interrupted, unlogged = seen["counts"]
        found = list(seen["differences"])

        def agree(what: str, one: object, other: object) -> None:
            if one != other:
                found.append(f"{what}: {one} and {other}")

        agree("begun, and all counts", seen["begun"], waiting + answered + interrupted)
        agree("interrupted, and records", interrupted - unlogged, seen["arrived_count"])
        agree("not logged", unlogged, 0)
        agree("waiting, and clients that wait", waiting, self.clients.waiting)
        agree("counters", [_number(text) for text in seen["labels"]], seen["counts"][:3])
        agree("rows kept", _number(seen["rows_kept"], 0), seen["kept"])
        agree("search", seen["share"], 1.0)
        agree("campaign", seen["campaign"], "&Start")
        agree("task bar", seen["task"], False)
        agree("history", seen["history"], "History: on")
        if seen["filter_count_shown"]:
            numbers = [
                int(text.replace(",", "")) for text in re.findall("[0-9,]+", seen["filter_count"])
            ]
            agree("filter count", numbers, [seen["shown"], seen["kept"]][: 1 + seen["is_live"]])
        if self.expected_filter is not None:
            agree("filter", seen["filter"].strip(), self.expected_filter)
        if "does not agree" in seen["summary"]:
            found.append(seen["summary"])
        found += self._message_problems()
        if not found:
            found += self._history_problems()
        return found

    def _message_problems(self) -> list[str]:
        found, messages = [], dict(self.seen["messages"])
        known = {"server", "former address", "files"}
        found += [f"{owner} says: {text}" for owner, text in messages.items() if owner not in known]
        if ("server" in messages) != self.is_listen_failed:
            found.append(f"listening failed: {self.is_listen_failed}; {messages.get('server')}")
        if self.has_file_message is not None and ("files" in messages) != self.has_file_message:
            found.append(f"files: {self.has_file_message}; {messages.get('files')}")
        old = [one for one in self.clients.open if one.waits and one.port != self.seen["port"]]
        if self.seen["leaving"] != bool(old):
            found.append(f"{len(old)} clients at a former address; leaving: {self.seen['leaving']}")
        if not self.seen["leaving"]:
            self.is_leaving_dismissed = False
        is_said = "former address" in messages
        if is_said and not self.seen["leaving"]:
            found.append("it says that clients wait at a former address, and none does")
        if self.seen["leaving"] and not is_said and not self.is_leaving_dismissed:
            found.append("it does not say that clients wait at a former address")
        if bool(messages) != bool(self.seen["message_shown"]):
            found.append(f"shown is {self.seen['message_shown']!r} of {messages}")
        return found

    def _history_problems(self) -> list[str]:
        seen = self.seen
        found = []
        counts = self._history_counts()
        run = seen["history_run"]
        if counts.get(run, 0) != seen["arrived_count"]:
            found.append(f"{counts.get(run, 0)} of {seen['arrived_count']} records in the history")
        others = sum(count for number, count in counts.items() if number != run)
        if others != self._records_before:
            found.append(f"{others} earlier records in the history, not {self._records_before}")
        records = seen["run_records"]
        if records is not None and len({tuple(one) for one in records}) != len(records):
            found.append("a record is shown twice")
        if (
            records is not None
            and seen["run"] not in (None, run)
            and counts.get(seen["run"], 0) < 3_000
        ):
            wanted = [
                [one.origin, one.number]
                for _, part in search(self.history, parse_filter(seen["filter"]), seen["run"])
                for one in part
            ]
            if "starred" not in seen["filter"] and wanted[: seen["keep"]][::-1] != records:
                found.append(f"the run shows {len(records)} rows and not {len(wanted)}")
        return found

    def _history_counts(self) -> dict[int, int]:
        if not self.history.exists():
            return {}
        try:
            with closing(sqlite3.connect(f"file:{self.history}?mode=ro", uri=True)) as connection:
                rows = connection.execute("SELECT run, count(*) FROM records GROUP BY run")
                return dict(rows.fetchall())
        except sqlite3.OperationalError:
            return {}

    def _check_rows(self, more: Counter[str] | dict[str, int]) -> None:
        """Compare the rows of this run with what its clients did."""
        rows = Counter(path for _, path in self.arrived if path.startswith("/r/"))
        rows.update(more)
        for path, count in rows.items():
            asked = self.clients.asked.get(path)
            if count != 1:
                raise Wrong(f"{count} rows for {path}")
            if asked is None:
                raise Wrong(f"a row for {path}, which nobody asked for in this run")
            if asked.state is not State.LEFT:
                raise Wrong(f"a row for {path}, which is {asked.state.value}")
        for asked in self.clients.asked.values():
            if asked.state is State.LEFT and asked.is_certain and asked.path not in rows:
                raise Wrong(f"no row for {asked.path}, whose client left while it waited")
        numbers = [number for number, _ in self.arrived]
        if len(set(numbers)) != len(numbers):
            raise Wrong("two rows for one request")

    def _check_earlier(self, most: int) -> None:
        """Compare the rows of earlier runs with the history."""
        found: list[Interruption] = []
        starred: list[Interruption] = []
        if self._records_before:
            for _, part in search(self.history, EVERYTHING, starred=starred):
                found += part
        old = [one for one in found[most:] if one in starred]
        wanted = [[one.origin, one.number] for one in (*found[:most], *old)][::-1]
        self._wait_for(lambda: self.ask("paths_of_earlier") == wanted, "the earlier rows are shown")

    def _check_ended(self, *, is_killed: bool) -> None:
        """Compare what a run has left with what its clients did."""
        origin = self.seen["origin"] if self.seen else None
        found = []
        if self.history.exists():
            for _, part in search(self.history, EVERYTHING):
                mine = [one for one in part if one.origin == origin]
                found += mine
                if part and not mine:
                    break
        known = {number for number, _ in self.arrived}
        kept = {one.request_number for one in found}
        if origin is not None and not known <= kept:
            raise Wrong(f"{len(known - kept)} records are not in the history after the end")
        if origin is not None:
            self.arrived += [
                (one.request_number, one.uri) for one in found if one.request_number not in known
            ]
            if not is_killed:
                self._check_rows({})
            logged = sum(INTERRUPTED_MESSAGE in line for line in self.monitor.log)
            if logged != len(found) and not is_killed:
                raise Wrong(f"{logged} interruptions in the log, {len(found)} in the history")
            _, answered, interrupted, _ = self.seen["counts"]
            self.totals.begun += self.seen["begun"]
            self.totals.answered += answered
            self.totals.interrupted += max(interrupted, len(found))
        self._records_before = sum(self._history_counts().values())

    def _take_log(self) -> None:
        """Look for what must not be in the log."""
        lines = self.monitor.log[self.log_read :]
        self.log_read += len(lines)
        for bad in bad_lines(lines):
            raise Wrong("\n".join(["the log:", *bad]))


def _number(text: str, place: int = 1) -> int:
    return int(text.split()[place].replace(",", ""))
