from __future__ import annotations

from collections.abc import Callable

import pytest
from twisted.internet import error
from twisted.python.failure import Failure

from monitorapp.core.record.reason import Reason, explain
from monitorapp.web.request.reasons import reason_of, reason_of_end


@pytest.mark.parametrize(
    ("exception", "reason"),
    [
        (error.ConnectionDone(), Reason.CLOSED),
        (error.ConnectionLost(), Reason.RESET),
        (ConnectionResetError(), Reason.RESET),
        (error.ConnectionLost("Stream reset with code 8."), Reason.STREAM_RESET),
        (error.ConnectionLost("Remote peer sent GOAWAY."), Reason.STREAM_RESET),
        (error.ConnectionLost("Producing stopped."), Reason.OTHER),
        (error.ConnectionLost("Connection lost"), Reason.RESET),
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


class Transport:
    """What the transport of a channel says of its end."""

    def __init__(self, is_dropped: bool, lost: Exception | None) -> None:
        self.is_dropped = is_dropped
        self.lost_reason = None if lost is None else Failure(lost)


class Channel:
    def __init__(self, transport: Transport) -> None:
        self.transport = transport


class Stream:
    """A stream of HTTP/2, which has no transport to show."""

    transport = None

    def __init__(self, connection: Channel) -> None:
        self._conn = connection


LOST = error.ConnectionLost("Connection lost")


@pytest.mark.parametrize(
    ("is_dropped", "lost", "exception", "reason"),
    [
        (False, error.ConnectionDone(), LOST, Reason.CLOSED),  # over TLS
        (False, error.ConnectionLost(), LOST, Reason.RESET),
        (False, error.ConnectionLost("Connection timed out"), LOST, Reason.TIMED_OUT),
        (False, error.ConnectionDone(), ZeroDivisionError(), Reason.OTHER),  # such as one of TLS
        (False, None, error.ConnectionLost("Stream reset with code 8."), Reason.STREAM_RESET),
        (False, None, error.ConnectionDone(), Reason.CLOSED),
        (True, error.ConnectionDone(), error.ConnectionDone(), Reason.ABORTED),
        (True, None, LOST, Reason.ABORTED),
    ],
)
@pytest.mark.parametrize("channel", [Channel, lambda transport: Stream(Channel(transport))])
def test_the_connection_knows_better(
    is_dropped: bool,
    lost: Exception | None,
    exception: Exception,
    reason: Reason,
    channel: Callable[[Transport], object],
) -> None:
    transport = Transport(is_dropped, lost)
    assert reason_of_end(Failure(exception), channel(transport)) is reason


def test_a_channel_that_says_nothing_leaves_it_to_the_failure() -> None:
    assert reason_of_end(Failure(error.ConnectionDone()), None) is Reason.CLOSED
    assert reason_of_end(Failure(error.ConnectionDone()), object()) is Reason.CLOSED


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_explained_in_a_sentence(reason: Reason) -> None:
    assert explain(reason).endswith(".")
