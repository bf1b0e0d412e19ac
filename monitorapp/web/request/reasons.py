"""From the Failure that ends a request to the reason that its row shows."""

from __future__ import annotations

from typing import Any

from twisted.internet import error
from twisted.python.failure import Failure

from monitorapp.core.record.reason import Reason, reason_of_types


def reason_of(failure: Failure) -> Reason:
    """Return the reason that a Failure of `notifyFinish()` stands for by itself."""
    return reason_of_types(failure.parents, failure.getErrorMessage())


def reason_of_end(failure: Failure, channel: Any) -> Reason:
    """Return the reason for the end of a request, as far as its connection knows it better.

    Args:
        failure: What `notifyFinish()` is given.
        channel: The channel of the request. If its transport says so, its connection was dropped
            by this server (`is_dropped`), or the end of that was another than the Failure says
            (`lost_reason`); see `monitorapp.web.server`.
    """
    # A stream of HTTP/2 does not show the connection that it belongs to.
    transport = getattr(getattr(channel, "_conn", channel), "transport", None)
    if getattr(transport, "is_dropped", False):
        return Reason.ABORTED
    lost: Failure | None = getattr(transport, "lost_reason", None)
    if lost is not None and failure.check(error.ConnectionLost):
        return reason_of(lost)
    return reason_of(failure)
