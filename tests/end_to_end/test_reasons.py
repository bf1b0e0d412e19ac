"""Why a request ended is known over every transport, and who left is counted as such."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.certificate import server_certificate
from tests.end_to_end.leaving import ENDPOINTS, Peer
from tests.end_to_end.monitor import Monitor, running
from tests.waits import WAIT_S

CLOSED = ("closed by the client", 1)
RESET = ("reset", 1)
ABORTED = ("aborted by this server", 0)
STOPPING = ("server stopping", 0)
TLS_ERROR = ("TLS error", 0)
STREAM_RESET = ("stream reset", 1)

LEAVING: dict[str, Callable[[Peer], None]] = {
    "FIN": Peer.fin,
    "RST": Peer.rst,
    "kill -9": Peer.kill,
    "half-close": Peer.half_close,
    "close_notify": Peer.close_notify,
    "garbage": Peer.garbage,
    "RST_STREAM": Peer.rst_stream,
    "GOAWAY and FIN": Peer.goaway_fin,
}

EVERYWHERE = {
    "FIN": CLOSED,
    "kill -9": CLOSED,
    "half-close": CLOSED,
    "own abort": ABORTED,
    "own lose": ABORTED,
    "server stops": STOPPING,
}
OVER_TLS = EVERYWHERE | {"RST": RESET, "close_notify": CLOSED, "garbage": TLS_ERROR}
EXPECTED = {
    "tcp": EVERYWHERE | {"RST": RESET},
    "unix": EVERYWHERE,
    "tls": OVER_TLS,
    "http2": OVER_TLS | {"RST_STREAM": STREAM_RESET, "GOAWAY and FIN": CLOSED},
}
"""The reason of the row and how many left, for each end over each transport."""

ROWS = "{cells(row)[2]: cells(row)[6] for row in range(rows())}"


def end(monitor: Monitor, how: str, peer: Peer) -> None:
    if how == "own abort":
        monitor.ask("the('RequestTracker').abort(the('RequestTracker').numbers()[0])")
    elif how == "own lose":
        monitor.ask("lose_connection()")
        peer.dropped()
    elif how == "server stops":
        monitor.ask("find('main_window').stop_requested.emit()")
    else:
        LEAVING[how](peer)


@pytest.mark.parametrize("transport", ENDPOINTS)
def test_every_end_has_its_reason_and_only_who_left_counts_as_such(
    transport: str, tmp_path: Path
) -> None:
    server_certificate(tmp_path)
    endpoint = ENDPOINTS[transport].format(folder=tmp_path)
    expected = EXPECTED[transport]
    seen: dict[str, tuple[str, int]] = {}
    with running("--delay", "3600", "--listen", endpoint) as monitor:
        url = monitor.url()
        for how in sorted(expected, key=lambda how: how == "server stops"):
            path = f"/{how.replace(' ', '-')}"
            left = monitor.ask("left()")
            peer = Peer(transport, url, path)
            monitor.wait_until("find('counter_waiting').text()", "Waiting 1")
            end(monitor, how, peer)
            monitor.wait_until("find('counter_waiting').text()", "Waiting 0")
            monitor.wait_until("rows()", len(seen) + 1)
            seen[how] = monitor.ask(ROWS)[path], monitor.ask("left()") - left
            peer.socket.close()
    assert seen == expected


def test_goaway_alone_is_no_leaving(tmp_path: Path) -> None:
    server_certificate(tmp_path)
    endpoint = ENDPOINTS["http2"].format(folder=tmp_path)
    with running("--delay", "3600", "--listen", endpoint) as monitor:
        peer = Peer("http2", monitor.url(), "/patient")
        monitor.wait_until("find('counter_waiting').text()", "Waiting 1")
        peer.goaway()
        monitor.ask("the('RequestTracker').finish_now(1)")
        peer.answered()
        monitor.wait_for_counts("Waiting 0", "Answered 1", "Interrupted 0 (0 %)")
        assert monitor.ask("left()") == 0
        peer.fin()


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_curl_that_gives_up_has_left(version: str, tmp_path: Path) -> None:
    server_certificate(tmp_path)
    endpoint = ENDPOINTS["http2"].format(folder=tmp_path)
    with running("--delay", "3600", "--listen", endpoint) as monitor:
        url = monitor.url()
        for limit_s in ("1", "10", "50"):  # on a busy machine it may give up before it has asked
            command = ["curl", "-sk", version, "-m", limit_s, url]
            ended = subprocess.run(command, timeout=2 * WAIT_S, check=False)
            assert ended.returncode == 28  # it gave up
            counts = "the('RequestTracker').counts"
            if monitor.ask(f"{counts}.waiting + {counts}.interrupted"):
                break
        monitor.wait_until("find('counter_waiting').text()", "Waiting 0")
        monitor.wait_until("rows() > 0", True)
        reasons = monitor.ask("[cells(row)[6].split(' · ')[0] for row in range(rows())]")
        assert set(reasons) <= {"closed by the client", "reset"}
        assert monitor.ask("left()") == len(reasons)
