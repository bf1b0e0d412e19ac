"""What a response waits for, read off the errbacks that watch its end.

A resource that cancels a delayed call when its client leaves has handed that call to
the errback: as an argument, in a `functools.partial`, or in a closure. There it can
be found, so no resource has to name what it waits for.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import CellType
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall

from monitorapp.web.request._rendering import function_name


@dataclass(frozen=True, slots=True)
class AwaitedCall:
    """A delayed call that a response waits for.

    Attributes:
        call: The call.
        name: Name of the function it will call. A cancelled call no longer knows it.
    """

    call: IDelayedCall
    name: str

    @property
    def was_cancelled(self) -> bool:
        """Whether it has been cancelled, rather than made or still to come."""
        return bool(getattr(self.call, "cancelled", False))


class Notification(Deferred[None]):
    """The Deferred of `notifyFinish()`, which knows what its errbacks will get."""

    def __init__(self) -> None:
        super().__init__()
        self._errbacks: list[tuple[object, tuple[Any, ...], Mapping[str, Any]]] = []

    # Each of the three is overridden: whether they call one another depends on the version.

    def addCallbacks(self, callback: Any, errback: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Add a pair of callbacks, and remember what comes with the errback."""
        names = ("callbackArgs", "callbackKeywords", "errbackArgs", "errbackKeywords")
        named = {**dict(zip(names, args, strict=False)), **kwargs}
        if errback is not None:
            self._errbacks.append(
                (errback, named.get("errbackArgs") or (), named.get("errbackKeywords") or {})
            )
        return super().addCallbacks(callback, errback, *args, **kwargs)

    def addErrback(self, errback: Any, *args: Any, **kwargs: Any) -> Any:
        """Add an errback, and remember what comes with it."""
        self._errbacks.append((errback, args, kwargs))
        return super().addErrback(errback, *args, **kwargs)

    def addBoth(self, callback: Any, *args: Any, **kwargs: Any) -> Any:
        """Add a callback for either outcome, and remember what comes with it."""
        self._errbacks.append((callback, args, kwargs))
        return super().addBoth(callback, *args, **kwargs)

    @property
    def has_errback(self) -> bool:
        """Whether an errback is called when the client leaves."""
        return bool(self._errbacks)

    def awaited_call(self) -> AwaitedCall | None:
        """Return the first delayed call still to come that an errback would get, if any."""
        for errback, arguments, keywords in self._errbacks:
            for value in (*arguments, *keywords.values(), *_carried(errback)):
                if IDelayedCall.providedBy(value) and value.active():
                    return AwaitedCall(value, function_name(getattr(value, "func", None)))
        return None


def _carried(errback: object) -> Iterator[Any]:
    """Yield what a callable brings along besides its arguments."""
    if isinstance(errback, functools.partial):
        yield from errback.args
        yield from errback.keywords.values()
        errback = errback.func
    yield getattr(errback, "__self__", None)
    closure: tuple[CellType, ...] = getattr(errback, "__closure__", None) or ()
    for cell in closure:
        try:
            yield cell.cell_contents
        except ValueError:  # not assigned yet
            continue
