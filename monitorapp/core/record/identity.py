"""Which request something belongs to."""

from __future__ import annotations

from typing import NamedTuple


class RequestId(NamedTuple):
    """The one identity of a request, wherever it is recorded.

    Attributes:
        origin: Names the process that served the request; empty if it is not known.
        number: Running number of the request in that process, from 1; 0 if it is not known.
    """

    origin: str
    number: int
