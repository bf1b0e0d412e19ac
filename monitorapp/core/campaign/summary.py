"""The result of a campaign: what its clients saw, and what the server recorded of them."""

from __future__ import annotations

from dataclasses import dataclass

from monitorapp.core.text.format import grouped, plural
from monitorapp.core.text.visible import cut, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignCounts:
    """The counts of a campaign's requests, as their clients see them.

    Attributes:
        planned: How many are to be sent.
        asked: Requests that were sent.
        answered: Those of them whose answer came.
        interrupted: Those whose client gave up, or was cancelled.
        dropped: Those that the server ended without an answer.
        failed: Clients that could not connect.
        problem: Why the last of these could not.
    """

    planned: int
    asked: int = 0
    answered: int = 0
    interrupted: int = 0
    dropped: int = 0
    failed: int = 0
    problem: str = ""

    @property
    def ended(self) -> int:
        """How many requests are over, in whichever way."""
        return self.answered + self.interrupted + self.dropped + self.failed

    @property
    def waiting(self) -> int:
        """How many requests were sent and are not over."""
        return self.asked - self.answered - self.interrupted - self.dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCounts:
    """What the server reports of the same requests.

    Attributes:
        reached: Requests that it read, so that their handling began.
        answered: Those of them that it answered.
        interrupted: Those of them whose connection was lost before that.
        recorded: Its records of these.
    """

    reached: int
    answered: int
    interrupted: int
    recorded: int

    @property
    def waiting(self) -> int:
        """How many requests it has not ended."""
        return self.reached - self.answered - self.interrupted


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSummary:
    """The end of a campaign.

    Attributes:
        counts: What the clients saw.
        server: What the server reports; None for another host, of which nothing is recorded.
        agent: The User-Agent of all its requests.
        seed: What the random patience was drawn from.
    """

    counts: CampaignCounts
    server: ServerCounts | None
    agent: str
    seed: int

    @property
    def unread(self) -> int:
        """How many requests ended before the server had read them.

        A client that leaves at once, or resets its connection, may take its request back: the
        system drops what the server has not read yet.
        """
        return 0 if self.server is None else max(0, self.counts.asked - self.server.reached)

    @property
    def agrees(self) -> bool:
        """Whether the server reports of each request what its client does.

        All that it read it has answered or recorded, and it has answered all whose clients were
        answered. A client may leave while its answer is on its way: then it was interrupted for
        the client and answered for the server, and both are right.
        """
        server, counts = self.server, self.counts
        return (
            server is not None
            and server.answered + server.recorded == server.reached <= counts.asked
            and counts.answered <= server.answered
        )

    @property
    def is_settled(self) -> bool:
        """Whether the server has nothing more to report."""
        return self.server is None or (self.agrees and not self.unread)

    def lines(self) -> list[str]:
        """Return it as text, a sentence or two a line."""
        counts = self.counts
        lines = [
            f"Asked {grouped(counts.asked)}: {grouped(counts.answered)} answered,"
            f" {grouped(counts.interrupted)} interrupted."
        ]
        if counts.dropped:
            lines.append(f"{grouped(counts.dropped)} ended by the server without an answer.")
        if self.server is None:
            lines.append("Another host: nothing is recorded here.")
        else:
            if self.unread:
                lines.append(self._reached(self.server))
            lines.append(self._verdict(self.server))
        if counts.failed:
            problem = cut(visible(counts.problem.rstrip(".")), 200)
            lines.append(f"{grouped(counts.failed)} failed to connect: {problem}.")
        unasked = counts.planned - counts.asked - counts.failed
        if unasked:
            lines.append(f"{grouped(unasked)} not sent any more.")
        lines.append(f"Seed {self.seed}.")
        return lines

    def _reached(self, server: ServerCounts) -> str:
        counts = self.counts
        left_themselves = not counts.dropped and counts.answered <= server.answered
        return (
            f"{grouped(server.reached)} reached the server, {grouped(self.unread)}"
            f" {'left' if left_themselves else 'ended'} before their request was read."
        )

    def _verdict(self, server: ServerCounts) -> str:
        rows = f"The server recorded {plural(server.recorded, 'interrupted response')}"
        crossed = server.answered - self.counts.answered
        if self.agrees and crossed:
            return (
                f"{rows} and answered {grouped(server.answered)}, {grouped(crossed)} of them while"
                " the client was leaving: it agrees."
            )
        if self.agrees:
            return f"{rows}: it agrees."
        return f"{rows}: it does not agree. {' '.join(self._differences(server))}"

    def _differences(self, server: ServerCounts) -> list[str]:
        counts, differences = self.counts, []
        if server.reached > counts.asked:
            more = plural(server.reached - counts.asked, "request")
            differences.append(f"{more} more than that reached it.")
        if counts.answered > server.answered:
            differences.append(f"It answered only {grouped(server.answered)}.")
        if server.waiting:
            waiting = plural(server.waiting, "request still waits", "requests still wait")
            differences.append(f"{waiting} there.")
        if server.interrupted > server.recorded:
            unrecorded = plural(
                server.interrupted - server.recorded, "interrupted one has", "interrupted ones have"
            )
            differences.append(f"{unrecorded} no record: the resource logs no interruption.")
        if server.recorded > server.interrupted:
            more = plural(server.recorded - server.interrupted, "record is", "records are")
            differences.append(f"{more} of requests that were not interrupted.")
        return differences
