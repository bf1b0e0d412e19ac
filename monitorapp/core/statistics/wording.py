"""The estimate of patience, in words."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

from monitorapp.core.filter.columns import ColumnFilter
from monitorapp.core.statistics.shares import exact_interval
from monitorapp.core.statistics.survival import (
    AtRisk,
    SurvivalCurve,
    Waits,
    log_rank_p,
    survival_curve,
)
from monitorapp.core.text.format import grouped, plural, short_seconds

FEW: Final = 5
"""With fewer clients that left, only their share is known, see `_few`."""

NO_EVENT: Final = (
    "No client has left by itself yet, so there is nothing to estimate. Interrupt some requests."
)

_MONTHS: Final = tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())  # noqa: SIM905


def patience_text(
    groups: Sequence[tuple[str, Waits]], delays_s: Sequence[float], delay_words: str
) -> str:
    """Return a few lines on one group of clients, or on each of several and how they differ.

    Args:
        groups: Names and waits.
        delays_s: Delays that responses get at present, each as likely as the others.
        delay_words: The same in words.
    """
    if not any(waits.events for _, waits in groups):
        return NO_EVENT
    lines = []
    for name, waits in groups:
        curve = survival_curve(waits)
        if len(groups) > 1:
            lines.append(f"{name}:")
        indent = "    " if len(groups) > 1 else ""
        of_group = _lines(waits, curve, delays_s, delay_words)
        lines += [f"{indent}{line}" for line in of_group]
    if len(groups) > 1:
        lines.append(_difference([waits for _, waits in groups]))
    return "\n".join(lines)


def counted_text(requests: int, since_s: float | None, now_s: float, left_out: int = 0) -> str:
    """Return how many requests are counted, and since when.

    Args:
        requests: How many.
        since_s: When the first of them ended, in seconds since the epoch; None if there is none.
        now_s: The present.
        left_out: How many older ones there are.
    """
    if since_s is None:
        return ""
    text = f"{plural(requests, 'request')} since {_day(since_s, now_s)}."
    if left_out:
        text += f" {plural(left_out, 'older one is', 'older ones are')} left out."
    return text


def heeded_text(filter_: ColumnFilter, had_queries: bool) -> str:
    """Return what of a filter cannot be heeded, and where it cannot look; empty if it can.

    Args:
        filter_: The filter.
        had_queries: Whether any request was for a path with a query.
    """
    said = []
    if filter_.unheeded:
        terms = ", ".join(filter_.unheeded)
        said.append(f"Not heeded, as it cannot be known of answered requests: {terms}.")
    if filter_.has_words:
        said.append("Words are looked for in method, path, client, reason and User-Agent.")
    if had_queries and (filter_.asks_path or filter_.has_words):
        said.append("Paths are known without their queries.")
    return " ".join(said)


def _lines(
    waits: Waits, curve: SurvivalCurve, delays_s: Sequence[float], delay_words: str
) -> list[str]:
    if not curve.events + curve.censored:
        return ["No request is one of these."]
    if curve.events < FEW:
        return [_few(curve)]
    share, low, high = curve.leaving_by(delays_s)
    if not share:  # then the band has no width; what is known is that none of these left
        low, high = exact_interval(0, AtRisk(waits)(max(delays_s)))
    lines = [
        f"At the present delay ({delay_words}) about {_percent(share)} % will leave"
        f" ({_percent(low)}\N{EN DASH}{_percent(high)} %).",
        f"{_left(curve, 0.5, 'Half')}.",
        f"{_left(curve, 0.25, 'A quarter')}; {_left(curve, 0.75, 'three quarters')}.",
        f"{_counts(curve)}; intervals of 95 %.",
    ]
    if max(delays_s) > curve.longest_s:
        longest = short_seconds(curve.longest_s, 3)
        lines.insert(1, f"No client has waited longer than {longest} so far.")
    return lines


def _few(curve: SurvivalCurve) -> str:
    """Return what is known if few clients have left: how many did, and how sure that share is.

    What they would do at another delay is not known then: the band of the curve is right only
    for many (W. G. Cochran: Some methods for strengthening the common chi-squared tests,
    Biometrics 10, 1954, on the least number). The interval of the share itself is exact.
    """
    of = curve.events + curve.censored
    low, high = exact_interval(curve.events, of)
    return (
        f"{_counts(curve)}: that is {_fine_percent(curve.events / of)} %"
        f" ({_fine_percent(low)}\N{EN DASH}{_fine_percent(high)} %, exact interval of 95 %)."
        " Too few have left to say more."
    )


def _counts(curve: SurvivalCurve) -> str:
    others = f"{plural(curve.censored, 'was', 'were')} answered or ended otherwise"
    return f"{grouped(curve.events)} left, {others}"


def _percent(share: float) -> str:
    percent = f"{100 * share:.0f}"
    if percent == "0" and share > 0:
        return "<1"
    return ">99" if percent == "100" and share < 1 else percent


def _fine_percent(share: float) -> str:
    if 0.1 <= share < 1:
        return _percent(share)
    percent = f"{100 * share:.2g}" if share < 1 else "100"
    return "<0.01" if 0 < share < 0.0001 else percent


def _day(time_s: float, now_s: float) -> str:
    """Return a local time of today, or the day of an earlier one."""
    try:
        then, now = (datetime.datetime.fromtimestamp(at_s) for at_s in (time_s, now_s))
    except (ValueError, OverflowError, OSError):  # no calendar has this time
        return "an unknown day"
    if then.date() == now.date():
        return f"{then:%H:%M}"
    day = f"{then.day} {_MONTHS[then.month - 1]}"  # strftime would ask the locale
    return day if then.year == now.year else f"{day} {then.year}"


def _left(curve: SurvivalCurve, share: float, words: str) -> str:
    """Return after how long this share of the clients has left."""
    time_s, low_s, high_s = curve.quantile_s(share)
    if time_s is None:
        return f"{words}: not reached"
    low = "0" if low_s is None else f"{low_s:.3g}"
    high = "more" if high_s is None else short_seconds(high_s, 3)
    return f"{words} have left after {short_seconds(time_s, 3)} ({low} to {high})"


def _difference(groups: Sequence[Waits]) -> str:
    few = sum(waits.events for waits in groups) < FEW
    p = None if few else log_rank_p([waits for waits in groups if len(waits)])
    if p is None:
        return "Too few clients have left to compare them."
    shown = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    if p < 0.05:
        return f"They differ (log-rank test, {shown})."
    return f"No significant difference (log-rank test, {shown})."
