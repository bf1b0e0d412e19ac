"""The columns of the requests that wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from monitorapp.core.request.waiting import WaitingRequest
from monitorapp.core.text.format import grouped, seconds
from monitorapp.core.text.visible import cut
from monitorapp.ui.waiting._rows import WaitingRow
from monitorapp.ui.widgets.cells import UNKNOWN
from monitorapp.ui.widgets.columns import RIGHT, Column


def _known(text: Callable[[WaitingRequest], str]) -> Callable[[WaitingRow], str]:
    return lambda row: UNKNOWN if row.request is None else text(row.request)


def countdown(request: WaitingRequest) -> str:
    """Return how much is left of the delay of a request, such as `3.2 s of 5.000 s`."""
    if request.remaining_s is None or request.delay_s is None:
        return UNKNOWN
    return f"{seconds(max(0.0, request.remaining_s), 1)} of {seconds(request.delay_s)}"


COLUMNS: Final[tuple[Column[WaitingRow], ...]] = (
    Column(
        key="number",
        title="Number",
        explanation="Running number of the request",
        sample="1,000,000",
        alignment=RIGHT,
        text=lambda row: grouped(row.number),
    ),
    Column(
        key="path",
        title="Path",
        explanation="What was requested: the path with its query",
        fills=True,
        text=_known(lambda one: cut(one.uri)),
    ),
    Column(
        key="client",
        title="Client",
        explanation="Address and port that the request came from",
        sample="192.168.100.10:65535",
        text=_known(lambda one: cut(one.client)),
    ),
    Column(
        key="waited",
        title="Waited",
        explanation="How long the client has waited so far",
        sample="1,000.0 s",
        alignment=RIGHT,
        text=_known(lambda one: seconds(one.waited_s, 1)),
    ),
    Column(
        key="delay",
        title="Remaining",
        explanation="How much of the delay is left; the bar is what is over",
        sample="100.0 s of 100.000 s",
        alignment=RIGHT,
        text=_known(countdown),
        share=lambda row: None if row.request is None else row.request.share,
    ),
    Column(
        key="written",
        title="Bytes",
        explanation="Bytes of the response's body written so far",
        sample="100,000",
        alignment=RIGHT,
        text=_known(lambda one: grouped(one.bytes_written)),
    ),
    Column(
        key="headers",
        title="Headers",
        explanation="Whether the response's headers have been written",
        sample="not sent",
        text=_known(lambda one: "sent" if one.headers_sent else "not sent"),
    ),
    Column(
        key="watched",
        title="Errback",
        explanation="Whether the resource added an errback, which is called when the client leaves",
        sample="no errback",
        text=_known(lambda one: "yes" if one.has_errback else "no errback"),
    ),
)
