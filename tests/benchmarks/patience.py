"""The estimate of patience: its agreement with lifelines, how often it is right, its speed.

Run `python -m tests.benchmarks.patience`, with the test dependencies installed.
"""

from __future__ import annotations

import argparse
import math
import time
from random import Random

from monitorapp.core.statistics.survival import Waits, log_rank_p, survival_curve
from tests.benchmarks.load import median
from tests.core.statistics.peers import Sample, kaplan_meier, logrank, sample


def counted(pairs: Sample) -> Waits:
    """Return the waits of a sample."""
    waits = Waits()
    for waited_s, left in pairs:
        waits.add(waited_s, left=left)
    return waits


def agree(sets: int) -> None:
    """Print the largest difference from lifelines over random data sets."""
    worst = worst_p = 0.0
    for seed in range(sets):
        random = Random(seed)
        groups = [sample(random) for _ in range(2 + seed % 3)]
        curve, theirs = survival_curve(counted(groups[0])), kaplan_meier(groups[0])
        for ours, others in (
            (curve.share, theirs.share),
            (curve.low, theirs.low),
            (curve.high, theirs.high),
        ):
            for share, mine, other in zip(curve.share, ours, others, strict=True):
                if share > 1e-12:  # where nobody is left, lifelines has no band
                    worst = max(worst, abs(mine - other))
        p = log_rank_p([counted(group) for group in groups])
        assert p is not None
        worst_p = max(worst_p, abs(p - logrank(groups)))
    print(f"{sets:,} data sets: curve and band within {worst:.1e}, p-value within {worst_p:.1e}")


def cover(repeats: int, requests: int) -> None:
    """Print how often the interval of the median holds the true one."""
    held = 0
    for seed in range(repeats):
        random = Random(seed)
        waits = Waits()
        for _ in range(requests):
            patience_s = random.lognormvariate(math.log(2), math.log(2))
            delay_s = random.expovariate(1 / 3)
            waits.add(min(patience_s, delay_s), left=patience_s < delay_s)
        _, low_s, high_s = survival_curve(waits).quantile_s(0.5)
        held += (low_s or 0) <= 2 <= (high_s or math.inf)
    print(
        f"log-normal patience, median 2 s, spread 2; exponential delay, mean 3 s; {requests:,}"
        f" requests: the 95 % interval holds the true median in {held} of {repeats}"
    )


def speed(outcomes: int) -> None:
    """Print how long counting and estimating take."""
    random = Random(1)
    pairs = []
    for _ in range(outcomes):
        patience_s, delay_s = random.lognormvariate(math.log(2), 0.7), random.expovariate(1 / 3)
        pairs.append((min(patience_s, delay_s), patience_s < delay_s))
    began_s = time.perf_counter()
    waits = counted(pairs)
    added_s = time.perf_counter() - began_s
    took_ms = []
    for _ in range(9):
        for waited_s, left in pairs[:2_000]:
            waits.add(waited_s, left=left)
        began_s = time.perf_counter()
        survival_curve(waits)
        took_ms.append((time.perf_counter() - began_s) * 1000)
    print(
        f"{outcomes:,} outcomes: {added_s / outcomes * 1e6:.2f} us to count one,"
        f" {median(took_ms):.0f} ms for a curve"
    )


def main() -> None:
    """Measure all three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=1_000)
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--requests", type=int, default=5_000)
    parser.add_argument("--outcomes", type=int, default=1_000_000)
    options = parser.parse_args()
    agree(options.sets)
    cover(options.repeats, options.requests)
    speed(options.outcomes)


if __name__ == "__main__":
    main()
