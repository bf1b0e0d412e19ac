"""The same statistics by lifelines, which many use and check."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

Sample = Sequence[tuple[float, bool]]
"""Waits in seconds, and whether the client then left."""


@dataclass
class TheirCurve:
    """What lifelines says of a sample, at the times of its events."""

    times_s: list[float]
    share: list[float]
    low: list[float]
    high: list[float]


def sample(random: Random) -> list[tuple[float, bool]]:
    """Return a random sample, often with ties and much that is censored; somebody left."""
    size = random.choice([2, 5, 30, 200])
    decimals = random.choice([0, 1, 3])
    censored_by_s = random.choice([0.5, 2.0, 20.0])
    pairs = [(0.5, True)]
    for _ in range(size):
        patience_s = random.lognormvariate(0.7, 0.8)
        delay_s = random.expovariate(1 / censored_by_s)
        pairs.append((round(min(patience_s, delay_s), decimals), patience_s <= delay_s))
    return pairs


def kaplan_meier(pairs: Sample) -> TheirCurve:
    """Return the curve of `lifelines.KaplanMeierFitter`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines import KaplanMeierFitter

        fitter = KaplanMeierFitter()
        fitter.fit([waited_s for waited_s, _ in pairs], [left for _, left in pairs])
        events = fitter.event_table.observed[fitter.event_table.observed > 0].index
        band = fitter.confidence_interval_.loc[events]
    return TheirCurve(
        [float(time_s) for time_s in events],
        [float(share) for share in fitter.survival_function_["KM_estimate"].loc[events]],
        [float(low) for low in band.iloc[:, 0]],
        [float(high) for high in band.iloc[:, 1]],
    )


def logrank(groups: Sequence[Sample]) -> float:
    """Return the p-value of `lifelines.statistics.multivariate_logrank_test`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines.statistics import multivariate_logrank_test

        flat = [(place, *pair) for place, group in enumerate(groups) for pair in group]
        result = multivariate_logrank_test(
            [waited_s for _, waited_s, _ in flat],
            [place for place, _, _ in flat],
            [left for _, _, left in flat],
        )
        return float(result.p_value)
