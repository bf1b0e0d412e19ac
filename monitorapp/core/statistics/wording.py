"""The estimate of patience, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitorapp.core.statistics.survival import SurvivalCurve, Waits, log_rank_p, survival_curve
from monitorapp.core.text.format import grouped, short_seconds

NO_EVENT: Final = (
    "No client has left by itself yet, so there is nothing to estimate. Interrupt some requests."
)


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
        lines += [f"{indent}{line}" for line in _lines(curve, delays_s, delay_words)]
    if len(groups) > 1:
        lines.append(_difference([waits for _, waits in groups]))
    return "\n".join(lines)


def _lines(curve: SurvivalCurve, delays_s: Sequence[float], delay_words: str) -> list[str]:
    counts = (
        f"{grouped(curve.events)} left, {grouped(curve.censored)} were answered or ended otherwise"
    )
    if not curve.events:
        return [f"{counts}."]
    share, low, high = curve.leaving_by(delays_s)
    lines = [
        f"At the present delay ({delay_words}) about {_percent(share)} % will leave"
        f" ({_percent(low)}\N{EN DASH}{_percent(high)} %).",
        f"{_left(curve, 0.5, 'Half')}.",
        f"{_left(curve, 0.25, 'A quarter')}; {_left(curve, 0.75, 'three quarters')}.",
        f"{counts}; intervals of 95 %.",
    ]
    if max(delays_s) > curve.longest_s:
        longest = short_seconds(curve.longest_s, 3)
        lines.insert(1, f"No client has waited longer than {longest} so far.")
    return lines


def _percent(share: float) -> str:
    percent = f"{100 * share:.0f}"
    if percent == "0" and share > 0:
        return "<1"
    return ">99" if percent == "100" and share < 1 else percent


def _left(curve: SurvivalCurve, share: float, words: str) -> str:
    """Return after how long this share of the clients has left."""
    time_s, low_s, high_s = curve.quantile_s(share)
    if time_s is None:
        return f"{words}: not reached"
    low = "0" if low_s is None else f"{low_s:.3g}"
    high = "more" if high_s is None else short_seconds(high_s, 3)
    return f"{words} have left after {short_seconds(time_s, 3)} ({low} to {high})"


def _difference(groups: Sequence[Waits]) -> str:
    p = log_rank_p(groups)
    if p is None:
        return "Too few clients have left to compare them."
    shown = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    if p < 0.05:
        return f"They differ (log-rank test, {shown})."
    return f"No significant difference (log-rank test, {shown})."
