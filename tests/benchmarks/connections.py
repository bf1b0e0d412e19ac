"""Thousands of connections, all interrupted: every one recorded, at what cost of CPU?"""

from __future__ import annotations

import argparse
import resource
import time

from tests.benchmarks.load import GET, Served, connect, leave, median, served, table

VARIANTS = {
    "epoll, no window": ("epoll",),
    "stock qt5reactor, window": ("stock", "--window"),
    "ours, window": ("ours", "--window"),
}


def main() -> None:
    """Measure each variant in turn, several times over; print a table of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=15_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    count = most_connections(options.connections)
    cpu_s: dict[str, list[float]] = {name: [] for name in VARIANTS}
    rows = []
    exact = dict.fromkeys(VARIANTS, True)
    for _ in range(options.rounds):
        for name, arguments in VARIANTS.items():
            with served(*arguments, "--delay", "3600") as server:
                seconds, recorded = interrupt_all(server, count)
                cpu_s[name].append(seconds)
                exact[name] &= recorded == count
    base = cpu_s["epoll, no window"]
    for name in VARIANTS:
        ratio = median([mine / other for mine, other in zip(cpu_s[name], base, strict=True)])
        rows.append(
            [
                name,
                f"{count:,}",
                "exactly" if exact[name] else "NOT ALL",
                f"{median(cpu_s[name]):.2f}",
                f"{ratio:.2f}",
            ]
        )
    print(table(["server", "connections", "recorded", "CPU s", "of epoll"], rows))


def most_connections(wanted: int) -> int:
    """Raise the limit of open files as far as allowed; return how many connections fit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return min(wanted, hard - 300)


def interrupt_all(server: Served, count: int) -> tuple[float, int]:
    """Open `count` requests, leave them all; return the server's CPU seconds and its records."""
    before = server.status()
    clients = []
    for _ in range(count):
        client = connect(server.port)
        client.sendall(GET)
        clients.append(client)
    server.wait_for(lambda status: status["waiting"] == count)
    for number, client in enumerate(clients):
        leave(client, reset=bool(number % 2))
    after = server.wait_for(lambda status: status["waiting"] == 0)
    time.sleep(0.5)
    after = server.status()
    return after["cpu_s"] - before["cpu_s"], after["records"]


if __name__ == "__main__":
    main()
