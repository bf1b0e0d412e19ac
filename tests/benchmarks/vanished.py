"""A client whose network is silently gone: how soon does it become a row? (Linux, as root)

The client lives in a network namespace of its own, on a virtual cable that is then cut.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.load import table
from tests.end_to_end.monitor import WAITING_CLIENT, Monitor, running

HOST, GUEST = "10.231.7.1", "10.231.7.2"
SPACE, NEAR, FAR = "monitorapp-probe", "monitorapp0", "monitorapp1"


def main() -> None:
    """Cut the cable of a waiting client; print when the row came and what it says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vanished-after", type=int, nargs="+", default=[5, 10, 30])
    options = parser.parse_args()
    rows = []
    with cable():
        for after_s in options.vanished_after:
            arguments = ("--listen", f"tcp:0:interface={HOST}", "--delay", "600")
            with running(*arguments, "--vanished-after", str(after_s)) as monitor:
                took_s, reason = vanish(monitor)
                rows.append([str(after_s), f"{took_s:.1f}", reason])
                run(f"ip link set {NEAR} up")
    print(table(["--vanished-after", "row after s", "reason"], rows))


def vanish(monitor: Monitor) -> tuple[float, str]:
    """Let a client wait, cut its cable; return when its row came and the reason in it."""
    port = monitor.url().rsplit(":", 1)[1].rstrip("/")
    client = subprocess.Popen(
        ["ip", "netns", "exec", SPACE, sys.executable, "-S", str(WAITING_CLIENT), HOST, port],
        stdout=subprocess.DEVNULL,
    )
    monitor.wait_until("find('counter_waiting').text()", "Waiting 1")
    run(f"ip link set {NEAR} down")
    began = time.monotonic()
    while not monitor.ask("rows()"):
        time.sleep(0.1)
    took_s = time.monotonic() - began
    client.kill()
    client.wait()
    return took_s, monitor.ask("cells(0)[6]")


@contextmanager
def cable() -> Iterator[None]:
    """Have a namespace at the other end of a cable."""
    run(f"ip netns add {SPACE}")
    try:
        run(f"ip link add {NEAR} type veth peer name {FAR}")
        run(f"ip link set {FAR} netns {SPACE}")
        run(f"ip addr add {HOST}/24 dev {NEAR}")
        run(f"ip link set {NEAR} up")
        run(f"ip netns exec {SPACE} ip addr add {GUEST}/24 dev {FAR}")
        run(f"ip netns exec {SPACE} ip link set {FAR} up")
        yield
    finally:
        run(f"ip netns del {SPACE}")


def run(command: str) -> None:
    """Run a command that must succeed."""
    subprocess.run(command.split(), check=True)


if __name__ == "__main__":
    main()
