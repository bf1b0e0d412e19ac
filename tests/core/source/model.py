"""A naive model of what is shown, whatever the source, and random ways through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from monitorapp.core.filter.language import Filter, parse_filter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.record.searched_text import searched_text
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.file import FileSource
from monitorapp.core.source.held import HeldSource
from monitorapp.core.source.live import LiveSource
from monitorapp.core.source.run import RunSource
from monitorapp.core.source.source import Source
from monitorapp.core.transfer.reading import Imported
from tests.core.source.histories import write_file, write_run
from tests.core.source.threads import Threads
from tests.factory import record

KEEP = 5
"""Records that are live at most."""

MOST = 8
"""Records of a run that are shown at most."""

RUNS = (7, 1, 12)
"""Records of each run of the history."""

EXPRESSIONS = (
    "",
    "/slow",
    "-/slow",
    "is:starred",
    "-is:starred /slow",
    "path:/fast",
    "nowhere",
    "outcome:cancelled",
    '-outcome="still running"',
    "running",
)


def made(number: int) -> Interruption:
    """Return a record of a run or a file."""
    return record(number=number, uri=f"/{'fast' if number % 3 else 'slow'}/{number}")


def live(number: int, kind: str) -> Interruption:
    """Return a record of the app itself."""
    return record(
        number=number,
        time_s=1_800_000_000.0 + number,
        origin="live",
        request_number=number,
        uri=f"/{kind}/live",
    )


def runs() -> list[list[Interruption]]:
    """Return the records of each run."""
    return [[made(100 * run + number) for number in range(count)] for run, count in enumerate(RUNS)]


def write_all(folder: Path) -> tuple[Path, Path]:
    """Write `runs` to a history, and all of them to a file; return both."""
    history, file = folder / "history.sqlite", folder / "file.jsonl"
    for interruptions in runs():
        write_run(history, interruptions)
    write_file(file, [one for run in runs() for one in run])
    return history, file


class Screen(Protocol):
    """Whatever shows one source after the other."""

    def show(self, source: Source) -> None: ...

    def show_live(self) -> None: ...

    def filter(self, expression: str) -> None: ...

    def shown(self) -> list[Interruption]: ...

    def close(self) -> None: ...


class SourcesMachine(RuleBasedStateMachine):
    """Goes from source to source, while records come and go and searches are under way.

    Args:
        make_screen: Returns a screen that shows a live source.
        history: A history file with `runs`.
        file: A file with the records of all of them.
    """

    def __init__(
        self, make_screen: Callable[[LiveSource], Screen], history: Path, file: Path
    ) -> None:
        super().__init__()
        self.history = history
        self.file = file
        self.store = InterruptionStore(KEEP)
        self.store.outcomes = Outcomes()  # of more requests than there are records
        self.live = LiveSource(self.store)
        self.threads = Threads()
        self.screen = make_screen(self.live)
        self.source: Source = self.live
        self.held: dict[int, InterruptionStore] = {id(self.live): self.store}
        self.kept: list[Source] = []  # so that their identities stay theirs
        self.filter = parse_filter("")
        self.run_number: int | None = None
        self.number = 0
        self.before: list[Interruption] = []  # what was shown when the last search began
        self.searched = 0  # how many searches there had been before it

    def teardown(self) -> None:
        self.threads.run()
        self.screen.close()

    # What happens

    @rule(kinds=st.lists(st.sampled_from(["slow", "fast"]), min_size=1, max_size=3))
    def add(self, kinds: list[str]) -> None:
        for kind in kinds:
            self.number += 1
            self.store.add(live(self.number, kind))
            if self.source is not self.live and id(self.source) in self.held:
                self.held[id(self.source)].add(record(number=self.number, uri=f"/{kind}/other"))

    @rule(ago=st.integers(0, 3), outcomes=st.lists(st.sampled_from(Outcome), min_size=1))
    def note(self, ago: int, outcomes: list[Outcome]) -> None:
        """See what becomes of the work for a request, mostly while it has a row."""
        for outcome in outcomes:
            request = live(self.number - ago, "slow").identity
            self.store.outcomes.note(request, RequestOutcome(outcome))

    @rule()
    def clear(self) -> None:
        self.store.clear()

    @rule(place=st.integers(0, 30))
    def star(self, place: int) -> None:
        """Star a row, or take its star away."""
        shown, stars = self.screen.shown(), self.source.records.stars
        if shown:
            if self.filter.uses_stars and id(self.source) not in self.held:
                self.before = shown
                self.searched = len(self.threads.searches)
            one = shown[place % len(shown)]
            stars.set_starred(one, one not in stars)

    @rule(expression=st.sampled_from(EXPRESSIONS))
    def write_filter(self, expression: str) -> None:
        if expression != self.filter.expression:
            self.before = self.screen.shown()
            self.searched = len(self.threads.searches)
            self.filter = parse_filter(expression)
            self.screen.filter(expression)

    @rule(expression=st.sampled_from(EXPRESSIONS), steps=st.integers(0, 3))
    def overtake(self, expression: str, steps: int) -> None:
        """Write a filter while the search has found something that it has not reported yet."""
        search = self.threads.searches[-1] if self.threads.searches else None
        for _ in range(steps):
            if search is not None:
                search.work()
        self.write_filter(expression)
        if search is not None:
            search.run()

    @rule(which=st.sampled_from(["live", "live", "all", "1", "2", "3", "file", "followed"]))
    def show(self, which: str) -> None:
        if which == "live":
            self.screen.show_live()
            self.source = self.live
            return
        source = self.made(which)
        self.kept.append(source)
        self.before = []
        self.searched = len(self.threads.searches)
        self.screen.show(source)
        self.source = source

    def made(self, which: str) -> Source:
        if which == "file":
            file = FileSource("File")
            for _ in file.read([(self.file, Imported())]):
                pass
            self.held[id(file)] = file._store
            return file
        if which == "followed":  # a source of a kind to come: records come while it is shown
            store = InterruptionStore(KEEP)
            followed = HeldSource("Followed", store)
            self.held[id(followed)] = store
            return followed
        self.run_number = int(which) if which != "all" else None
        stars, outcomes = self.store.stars, self.store.outcomes
        return RunSource(self.history, self.run_number, "Run", self.threads, stars, MOST, outcomes)

    @rule(steps=st.integers(1, 6), reports=st.integers(0, 6))
    def work(self, steps: int, reports: int) -> None:
        """Let the last search continue."""
        if self.threads.searches:
            for _ in range(steps):
                self.threads.searches[-1].work()
            for _ in range(reports):
                self.threads.searches[-1].report()

    @rule()
    def end_searches(self) -> None:
        self.threads.run()

    # What must be true

    @invariant()
    def shows_what_the_model_says(self) -> None:
        shown = self.screen.shown()
        store = self.held.get(id(self.source))
        if store is not None:
            wanted = matching(self.filter, store, store.stars, store.outcomes)
            if self.filter.uses_outcomes:  # those whose outcome matches late are the last
                shown.sort(key=list(store).index)
            assert shown == wanted
            return
        assert len(self.threads.searches) == self.searched + 1, "one search for each filter"
        found = matching(self.filter, self.of_run(), self.store.stars, self.store.outcomes)
        wanted = found[-MOST:]
        progress = self.source.progress
        if progress.share == 1:
            assert shown == wanted
            assert progress.is_cut == (len(found) > MOST)
        elif progress.share == 0:
            assert shown == self.before
        else:
            assert shown == wanted[len(wanted) - len(shown) :]
        assert not progress.problem

    def of_run(self) -> list[Interruption]:
        if self.run_number is None:
            return [one for run in runs() for one in run]
        return runs()[self.run_number - 1]


def matching(
    filter_: Filter, interruptions: Iterable[Interruption], stars: object, outcomes: Outcomes
) -> list[Interruption]:
    return [
        one
        for one in interruptions
        if filter_.matches(one, searched_text(one), stars, outcomes.words_of)
    ]
