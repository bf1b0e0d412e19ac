"""From the Failure that ends a request to the reason that its row shows."""

from __future__ import annotations

from twisted.python.failure import Failure

from monitorapp.core.record.reason import Reason, reason_of_types


def reason_of(failure: Failure) -> Reason:
    """Return the reason that a Failure of `notifyFinish()` stands for.

    Twisted Web hands over the Failure that ended the connection.
    """
    return reason_of_types(failure.parents, failure.getErrorMessage())
