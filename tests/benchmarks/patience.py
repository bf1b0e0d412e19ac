"""The estimate of patience: its agreement with lifelines, how often it is right, what it costs.

Run `python -m tests.benchmarks.patience`, with the test dependencies installed.
"""

from __future__ import annotations

import argparse
import math
import resource
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from twisted.web.http_headers import Headers

from monitorapp.core.filter.columns import ColumnFilter
from monitorapp.core.filter.language import parse_filter
from monitorapp.core.history.ended import read_ended
from monitorapp.core.history.writer import HistoryWriter
from monitorapp.core.record.reason import Reason
from monitorapp.core.request.ended import RequestEnd
from monitorapp.core.request.store import EndStore
from monitorapp.core.statistics.survival import Waits, log_rank_p, survival_curve
from monitorapp.core.statistics.waits import Comparison, compare
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


class Sums:
    """What was kept of ended requests before: sums over 2,000 pairs of path and client."""

    def __init__(self) -> None:
        self._waits: dict[tuple[bytes, str], Waits] = {}

    def add(self, request: RequestEnd) -> None:
        """Count a request."""
        waits = self._waits.get((request.raw_path, request.host))
        if waits is None:
            key = (request.raw_path, request.host) if len(self._waits) < 2_000 else (b"", "")
            waits = self._waits.setdefault(key, Waits())
        waits.add(request.waited_s, left=request.left)


def realistic(random: Random, number: int) -> RequestEnd:
    """Return the end of a request of several hundred paths and some thousand clients."""
    client = min(3_999, int(random.paretovariate(0.4)) - 1)
    agent = min(14, int(random.expovariate(0.5)))
    path = min(479, int(random.paretovariate(0.7)) - 1)
    return _ended(
        random,
        number,
        f"/api/v1/{('users', 'orders', 'items')[path % 3]}/{path}?page={number}".encode(),
        f"10.{client % 7}.{client // 250}.{client % 250}",
        f"Mozilla/5.0 (X11; Linux x86_64) Chrome/{100 + agent}.0 Safari/537.36".encode(),
    )


def hostile(random: Random, number: int) -> RequestEnd:
    """Return the end of a request whose path, client and agent no other has."""
    path = b"/%x" % random.getrandbits(800)
    return _ended(random, number, path, f"2001:db8::{number:x}", b"%x" % random.getrandbits(400))


def _ended(random: Random, number: int, uri: bytes, host: str, agent: bytes) -> RequestEnd:
    delay_s = random.expovariate(1 / 3)
    patience_s = random.lognormvariate(math.log(2), 0.7)
    headers = Headers()
    headers.addRawHeader(b"User-Agent", agent)
    return RequestEnd(
        origin="benchmark",
        number=number,
        method=b"POST" if random.random() < 0.1 else b"GET",
        uri=uri,
        version=b"HTTP/1.1",
        host=host,
        port=50_000,
        headers=headers,
        began_s=1.8e9 + number / 50 + random.random(),
        waited_s=min(patience_s, delay_s + abs(random.gauss(0, 0.001))),
        delay_s=delay_s,
        bytes_written=random.choice((27, 512, random.randrange(20_000))),
        headers_sent=True,
        reason=Reason.CLOSED if patience_s < delay_s else None,
    )


def keep(kind: Callable[[Random, int], RequestEnd], requests: int) -> None:
    """Print what it costs to keep requests, to read them again, and to filter them."""
    random = Random(1)
    store, sums = EndStore(requests), Sums()
    add_s = sums_s = 0.0
    with TemporaryDirectory() as folder:
        path = Path(folder) / "h.sqlite"
        writer = HistoryWriter(path, lambda _: None)
        writer.start()
        store.gathered.connect(writer.add_ended)
        before_mb = resident_mb()
        for number in range(0, requests, 1_000):
            ends = [kind(random, number + one) for one in range(1_000)]
            began_s = time.thread_time()
            for end in ends:
                store.add(end)
            add_s += time.thread_time() - began_s
            began_s = time.thread_time()
            for end in ends:
                sums.add(end)
            sums_s += time.thread_time() - began_s
        kept_mb = resident_mb() - before_mb
        writer.close(600)
        size = path.stat().st_size
        print(
            f"{requests:,} requests, {kind.__name__}: {add_s / requests * 1e6:.2f} us to keep one"
            f" (as sums {sums_s / requests * 1e6:.2f} us), {kept_mb:.0f} MB with both in memory,"
            f" {size / requests:.1f} bytes each in the history"
        )
        began_s = time.perf_counter()
        earlier = read_ended(path, requests, "another")
        took_s = time.perf_counter() - began_s
        print(f"  read in {took_s:.2f} s: {sum(map(len, earlier.blocks)):,}")
    blocks = store.blocks()
    for expression in ("", "path:orders waited>1s", "chrome or delay<2s", "/orders.*1/"):
        filter_ = ColumnFilter(parse_filter(expression))
        took_ms = []
        for _ in range(2):
            began_s = time.perf_counter()
            compare(blocks, Comparison.FILTER, filter_)
            took_ms.append(1000 * (time.perf_counter() - began_s))
        print(f"  filter {expression!r}: {took_ms[0]:.0f} ms, again {took_ms[1]:.0f} ms")


def resident_mb() -> float:
    """Return how much memory this process has."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=1_000)
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--requests", type=int, default=5_000)
    parser.add_argument("--outcomes", type=int, default=1_000_000)
    options = parser.parse_args()
    agree(options.sets)
    cover(options.repeats, options.requests)
    speed(options.outcomes)
    keep(realistic, options.outcomes)
    keep(hostile, options.outcomes)


if __name__ == "__main__":
    main()
