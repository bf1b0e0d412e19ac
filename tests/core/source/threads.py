"""A thread that does only what it is asked to, so that no test has to wait."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


class Search:
    """One iterator that was handed to the thread."""

    def __init__(
        self,
        steps: Callable[[], Iterator[Any]],
        take: Callable[[Any], object],
        end: Callable[[BaseException | None], object],
    ) -> None:
        self._steps = steps
        self._iterator: Iterator[Any] | None = None
        self._take = take
        self._end = end
        self._due: deque[Callable[[], object]] = deque()
        self.taken = 0
        self.is_over = False

    def work(self) -> bool:
        """Let the thread go one step further; return whether there was anything to do."""
        if self.is_over:
            return False
        try:
            if self._iterator is None:
                self._iterator = self._steps()
            item = next(self._iterator)
        except StopIteration:
            self._finish(None)
        except Exception as error:
            self._finish(error)
        else:
            self.taken += 1
            self._due.append(lambda: self._take(item))
        return True

    def report(self) -> bool:
        """Let the caller's thread hear of one step; return whether there was any."""
        if not self._due:
            return False
        self._due.popleft()()
        return True

    def run(self) -> None:
        """Let it come to its end, and report all."""
        while self.work() or self.report():
            pass

    def _finish(self, error: BaseException | None) -> None:
        self.is_over = True
        self._due.append(lambda: self._end(error))


class Threads:
    """Keeps what it was asked to run; see `InThread`.

    Let all come to their ends before a test is over: an iterator that has read a history file
    must not be left to the garbage collector, which may run in another thread.
    """

    def __init__(self) -> None:
        self.searches: list[Search] = []

    def __call__(
        self,
        steps: Callable[[], Iterator[T]],
        take: Callable[[T], object],
        end: Callable[[BaseException | None], object],
    ) -> None:
        self.searches.append(Search(steps, take, end))

    def run(self) -> None:
        """Let all come to their ends."""
        for search in self.searches:
            search.run()
