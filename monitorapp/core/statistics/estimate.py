"""What the ended requests say about the patience of clients, ready to be shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from monitorapp.core.filter.columns import ColumnFilter
from monitorapp.core.request.columns import EndColumns
from monitorapp.core.statistics.survival import AtRisk, SurvivalCurve, survival_curve
from monitorapp.core.statistics.waits import Comparison, compare
from monitorapp.core.statistics.wording import counted_text, heeded_text, patience_text


class Curve(NamedTuple):
    """How long the clients of a group wait.

    Attributes:
        name: Whose curve it is; any text.
        curve: The share that still waits.
        at_risk: How many waited at least so long.
    """

    name: str
    curve: SurvivalCurve
    at_risk: AtRisk


class Estimate(NamedTuple):
    """An estimate of patience.

    Attributes:
        curves: One of each group, the largest first.
        text: What they mean, in lines.
    """

    curves: list[Curve]
    text: str


def estimate(
    blocks: Sequence[EndColumns],
    comparison: Comparison,
    filter_: ColumnFilter,
    delays: tuple[Sequence[float], str],
    left_out: int = 0,
    is_cancelled: Callable[[], bool] = lambda: False,
    wall: Callable[[], float] = time.time,
) -> Estimate | None:
    """Return an estimate. Of a million requests it takes a tenth of a second, in any thread.

    Args:
        blocks: The requests; they do not change meanwhile.
        comparison: Which groups are compared.
        filter_: See `compare`.
        delays: Delays that responses get at present, each as likely as the others, in seconds,
            and the same in words.
        left_out: How many older requests are not among them.
        is_cancelled: Asked all the time; once it returns true, None is returned.
        wall: Returns the seconds since the epoch.
    """
    compared = compare(blocks, comparison, filter_, is_cancelled)
    if compared is None:
        return None
    curves = [Curve(name, survival_curve(waits), AtRisk(waits)) for name, waits in compared.groups]
    lines = [counted_text(compared.requests, compared.since_s, wall(), left_out)]
    if comparison is Comparison.FILTER:
        lines.append(heeded_text(filter_, compared.had_queries))
    lines.append(patience_text(compared.groups, *delays))
    return Estimate(curves, "\n".join(line for line in lines if line))
