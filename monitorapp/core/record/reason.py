"""Why a response was interrupted, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum


class Reason(Enum):
    """Why a response was interrupted. The value is what the user reads."""

    CLOSED = "closed by the client"
    RESET = "reset"
    TIMED_OUT = "timed out"
    ABORTED = "aborted by this server"
    STREAM_RESET = "stream reset"
    STOPPING = "server stopping"
    TLS = "TLS error"
    OTHER = "other"


_EXPLANATIONS = {
    # A half-close is the same FIN (RFC 9293, section 3.6), and Twisted reports it the same way. So
    # is a client that is killed, and over TLS that comes without a closing alert.
    Reason.CLOSED: "The client closed its side of the connection in an orderly way.",
    Reason.RESET: "The connection broke: it was reset, or closed with unread data in it.",
    Reason.TIMED_OUT: "The client stopped answering, and the connection timed out.",
    Reason.ABORTED: "This server dropped the connection itself.",
    Reason.STREAM_RESET: "The client cancelled this HTTP/2 stream, or announced that it goes away.",
    Reason.STOPPING: "The server was stopped while the client was still waiting.",
    Reason.TLS: "The encrypted connection failed.",
    Reason.OTHER: "The response was interrupted for another reason.",
}


def explain(reason: Reason) -> str:
    """Return one sentence on what `reason` means."""
    return _EXPLANATIONS[reason]


def reason_of_types(parents: Sequence[str], message: str) -> Reason:
    """Return the reason that an exception stands for, by names.

    HTTP/2 streams get a `ConnectionLost` whose message names the cause (`twisted.web._http2`).
    No exception says that the server is stopping: over TLS a client that leaves may look the same.

    Args:
        parents: Full names of its type and of those that it is derived from.
        message: Its message.
    """
    names = frozenset(parents)
    if "twisted.internet.error.ConnectionDone" in names:
        return Reason.CLOSED
    if "twisted.internet.error.ConnectionAborted" in names:
        return Reason.ABORTED
    if names & {"twisted.internet.error.TimeoutError", "builtins.TimeoutError"}:
        return Reason.TIMED_OUT
    if "twisted.internet.error.ConnectionLost" in names:
        return _reason_of_loss(message)
    if names & {"builtins.ConnectionResetError", "builtins.BrokenPipeError"}:
        return Reason.RESET
    # pyOpenSSL is installed only where TLS is served.
    if "OpenSSL.SSL.Error" in names:
        return Reason.TLS
    return Reason.OTHER


def _reason_of_loss(message: str) -> Reason:
    if "Stream reset with code" in message or "GOAWAY" in message:
        return Reason.STREAM_RESET
    if "timed out" in message.lower():
        return Reason.TIMED_OUT
    if "Producing stopped" in message:  # an HTTP/2 connection died; the cause is not given
        return Reason.OTHER
    return Reason.RESET
