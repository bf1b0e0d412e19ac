"""A million interruptions in one run: every one counted, and nothing grows."""

from __future__ import annotations

import argparse
import time

from tests.benchmarks.load import GET, connect, leave, served, table


def main() -> None:
    """Interrupt requests, alternately with FIN and RST; print a table of what the server says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--total", type=int, default=1_000_000)
    parser.add_argument("--at-a-time", type=int, default=100)
    parser.add_argument("--keep", type=int, default=20_000)
    parser.add_argument("--reactor", default="ours")
    options = parser.parse_args()
    arguments = [options.reactor, "--window", "--delay", "3600", "--keep", str(options.keep)]
    rows = []
    began = time.monotonic()
    with served(*arguments, "--no-log") as server:
        asked = 0
        step = options.total // 20
        while asked < options.total:
            until = min(asked + step, options.total)
            while asked < until:
                clients = [connect(server.port) for _ in range(options.at_a_time)]
                for client in clients:
                    client.sendall(GET)
                for client in clients:
                    asked += 1
                    leave(client, reset=bool(asked % 2))
            status = server.wait_for(
                lambda status, asked=asked: status["interrupted"] + status["answered"] == asked
            )
            rows.append(
                [
                    f"{asked:,}",
                    f"{status['interrupted']:,}",
                    f"{status['answered']:,}",
                    f"{status['records']:,}",
                    f"{status['rss_mb']:.1f}",
                    str(status["descriptors"]),
                    f"{asked / (time.monotonic() - began):,.0f}",
                ]
            )
            print(*rows[-1], flush=True)
    head = ["started", "interrupted", "answered", "records", "memory MB", "descriptors", "a second"]
    print(table(head, rows))


if __name__ == "__main__":
    main()
