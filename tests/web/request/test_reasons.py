from __future__ import annotations

import pytest
from twisted.internet import error
from twisted.python.failure import Failure

from monitorapp.core.record.reason import Reason, explain
from monitorapp.web.request.reasons import reason_of


@pytest.mark.parametrize(
    ("exception", "reason"),
    [
        (error.ConnectionDone(), Reason.CLOSED),
        (error.ConnectionLost(), Reason.RESET),
        (ConnectionResetError(), Reason.RESET),
        (error.ConnectionLost("Stream reset with code 8."), Reason.STREAM_RESET),
        (error.ConnectionLost("Remote peer sent GOAWAY."), Reason.STREAM_RESET),
        (error.ConnectionLost("Producing stopped."), Reason.OTHER),
        (error.ConnectionLost("Connection lost"), Reason.STOPPING),
        (error.ConnectionLost("Connection timed out"), Reason.TIMED_OUT),
        (error.ConnectionAborted(), Reason.ABORTED),
        (error.TimeoutError(), Reason.TIMED_OUT),
        (TimeoutError(), Reason.TIMED_OUT),
        (ZeroDivisionError(), Reason.OTHER),
    ],
)
def test_the_reason_follows_type_and_message(exception: Exception, reason: Reason) -> None:
    assert reason_of(Failure(exception)) is reason


def test_a_tls_error_is_reported_by_its_name() -> None:
    from OpenSSL import SSL

    assert reason_of(Failure(SSL.Error([("a", "b", "c")]))) is Reason.TLS


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_explained_in_a_sentence(reason: Reason) -> None:
    assert explain(reason).endswith(".")
