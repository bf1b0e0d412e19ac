"""What everything that can be shown has in common."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import NamedTuple, Protocol, TypeVar

from monitorapp.core.filter.language import Filter
from monitorapp.core.records.matching import Interruptions
from monitorapp.core.signal import Signal

T = TypeVar("T")


class Progress(NamedTuple):
    """How far a source has looked for what matches its filter.

    Attributes:
        share: How much of it was looked through, from 0 to 1; 1 if there is no more to do.
        is_cut: Whether more records match than can be shown, so that the oldest are left out.
        problem: Why it could not be read to its end, in one sentence; empty if it could.
    """

    share: float = 1.0
    is_cut: bool = False
    problem: str = ""


class Source(Protocol):
    """Records that can be shown: all that match one filter.

    It is used in one thread. Nothing is searched before the first `set_filter`. A source
    that holds its records has the result at once, if that does not take long, and one that is
    searched has it bit by bit; records may come and go at any time.

    Attributes:
        title: What the user reads of it.
        is_live: Whether it is what this app records now, which is shown if nothing else is.
        changed: Emitted when `records` has become another object.
        progressed: Emitted when `progress` has changed.
        failed: Emitted with one sentence when it cannot be read, or not to its end.
    """

    title: str
    is_live: bool
    changed: Signal[[]]
    progressed: Signal[[]]
    failed: Signal[[str]]

    @property
    def records(self) -> Interruptions:
        """What is known to match the filter; its signals report what comes and goes."""
        ...

    @property
    def progress(self) -> Progress:
        """The progress with the present filter."""
        ...

    def set_filter(self, filter_: Filter) -> None:
        """Look for what matches this filter, and no longer for what matches the last one."""
        ...

    def seen_values(self, field: str) -> list[str]:
        """Return the values of a filter's field in the newest records, the most frequent first.

        They are of all records, as far as those are known, not only of those that match.
        """
        ...

    def close(self) -> None:
        """Stop work for the filter; `set_filter` begins again."""
        ...


class InSlices(Protocol):
    """Goes on with a generator in the thread of its caller whenever there is nothing else to do."""

    def __call__(self, work: Generator[object, None, None]) -> Callable[[], None]:
        """Return at once, with what ends it early and closes the generator."""
        ...


class InThread(Protocol):
    """Runs an iterator in another thread, which can take long, and reports back.

    It is passed to what makes sources, as threads belong to an event loop.
    """

    def __call__(
        self,
        steps: Callable[[], Iterator[T]],
        take: Callable[[T], object],
        end: Callable[[BaseException | None], object],
    ) -> None:
        """Return at once.

        Args:
            steps: Called in the other thread; it returns the iterator.
            take: Called in the caller's thread with each item.
            end: Called in the caller's thread after the last one, with the exception that
                `steps` or the iterator raised, or None.
        """
        ...


def in_this_thread(
    steps: Callable[[], Iterator[T]],
    take: Callable[[T], object],
    end: Callable[[BaseException | None], object],
) -> None:
    """Run the iterator at once, where there is no event loop with threads; see `InThread`."""
    try:
        for item in steps():
            take(item)
    except Exception as error:
        end(error)
    else:
        end(None)
