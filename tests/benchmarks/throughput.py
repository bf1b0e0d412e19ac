"""Answers a second: the app with its window open, against epoll without one, side by side."""

from __future__ import annotations

import argparse

from tests.benchmarks.load import ask, median, served, table

VARIANTS = {
    "epoll, no window, nothing tracked": ("epoll", "--plain"),
    "epoll, no window": ("epoll",),
    "stock qt5reactor, window": ("stock", "--window"),
    "ours, window": ("ours", "--window"),
}


def main() -> None:
    """Measure each variant in turn, several times over; print a table of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, nargs="+", default=[64, 1000])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    rows = []
    for connections in options.connections:
        rates: dict[str, list[float]] = {name: [] for name in VARIANTS}
        late: dict[str, list[float]] = {name: [] for name in VARIANTS}
        for _ in range(options.rounds):
            for name, arguments in VARIANTS.items():
                with served(*arguments) as server:
                    ask(server.port, connections, 1.0)
                    answers = ask(server.port, connections, options.seconds)
                rates[name].append(answers.per_second)
                late[name].append(answers.latency_ms(0.99))
        base = median(rates["epoll, no window"])
        for name in VARIANTS:
            ratio = median(
                [
                    mine / other
                    for mine, other in zip(rates[name], rates["epoll, no window"], strict=True)
                ]
            )
            rows.append(
                [
                    str(connections),
                    name,
                    f"{median(rates[name]):,.0f}",
                    f"{median(rates[name]) / base:.2f}",
                    f"{ratio:.2f}",
                    f"{median(late[name]):.1f}",
                ]
            )
    print(table(["connections", "server", "answers/s", "of epoll", "pairwise", "p99 ms"], rows))


if __name__ == "__main__":
    main()
