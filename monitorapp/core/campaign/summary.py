"""How a campaign went: what its clients saw, and what the server recorded of them."""

from __future__ import annotations

from dataclasses import dataclass

from monitorapp.core.text.format import grouped, plural
from monitorapp.core.text.visible import cut, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignCounts:
    """How the requests of a campaign stand, as their clients see it.

    Attributes:
        planned: How many shall be sent.
        asked: Requests that were sent.
        answered: Those of them whose answer came.
        interrupted: Those whose client gave up, or was told to.
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
    """What the server says of the same time.

    Attributes:
        recorded: Its records that bear the campaign's User-Agent.
        answered: The campaign's requests that it answered.
    """

    recorded: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSummary:
    """The end of a campaign.

    Attributes:
        counts: What the clients saw.
        server: What the server says; None for another host, of which nothing is recorded.
        agent: The User-Agent of all its requests.
        seed: What the random patience was drawn from.
    """

    counts: CampaignCounts
    server: ServerCounts | None
    agent: str
    seed: int

    @property
    def agrees(self) -> bool:
        """Whether the server says of each request what its client says.

        A client may leave while its answer is on its way: then it was interrupted for the client
        and answered for the server, and both are right.
        """
        server = self.server
        return server is not None and (
            server.recorded == _unanswered(self.counts)
            or (self._crossed > 0 and server.recorded + server.answered == self.counts.asked)
        )

    @property
    def _crossed(self) -> int:
        """How many requests the server answered at most that their clients left meanwhile."""
        server, counts = self.server, self.counts
        if server is None:
            return 0
        missing = _unanswered(counts) - server.recorded
        return max(0, min(missing, server.answered - counts.answered))

    def lines(self) -> list[str]:
        """Return it in plain words, a sentence or two a line."""
        counts = self.counts
        lines = [
            f"Asked {grouped(counts.asked)}: {grouped(counts.answered)} answered,"
            f" {grouped(counts.interrupted)} interrupted."
        ]
        if counts.dropped:
            lines.append(f"{grouped(counts.dropped)} ended by the server without an answer.")
        lines.append(self._verdict())
        if counts.failed:
            problem = cut(visible(counts.problem.rstrip(".")), 200)
            lines.append(f"{grouped(counts.failed)} failed to connect: {problem}.")
        unasked = counts.planned - counts.asked - counts.failed
        if unasked:
            lines.append(f"{grouped(unasked)} not sent any more.")
        lines.append(f"Seed {self.seed}.")
        return lines

    def _verdict(self) -> str:
        server, expected = self.server, _unanswered(self.counts)
        if server is None:
            return "Another host: nothing is recorded here."
        rows = plural(server.recorded, "interrupted response")
        if self.agrees and self._crossed:
            return (
                f"The server recorded {rows} and answered {grouped(server.answered)},"
                f" {grouped(self._crossed)} of them while the client was leaving: it agrees."
            )
        if self.agrees:
            return f"The server recorded {rows}: it agrees."
        if server.recorded > expected:
            more = server.recorded - expected
            return f"The server recorded {rows}, {grouped(more)} more than that: it does not agree."
        missing = expected - server.recorded
        verdict = (
            f"The server recorded {rows}, {grouped(missing)} fewer than that: it does not agree."
        )
        if self._crossed:
            verdict += (
                f" Meanwhile it answered {grouped(server.answered)},"
                f" {grouped(self._crossed)} of them perhaps while the client was leaving."
            )
        return (
            f"{verdict} A request that is reset before the server reads it leaves no trace, nor"
            " does one whose resource logs no interruption."
        )


def _unanswered(counts: CampaignCounts) -> int:
    return counts.interrupted + counts.dropped
