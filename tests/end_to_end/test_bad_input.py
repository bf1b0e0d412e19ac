"""Bad input gets one clear sentence, and nothing is lost."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.end_to_end.monitor import Client, Monitor, running
from tests.waits import WAIT_S

ROOT = Path(__file__).resolve().parents[2]


def run_main(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        env=os.environ | environment,
    )


def message(monitor: Monitor) -> str:
    text: str = monitor.ask("find('message_text').text().replace(chr(0x200b), '')")
    return text


def test_a_port_in_use_is_explained_and_another_one_offered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running("--listen", f"tcp:{port}:interface=127.0.0.1") as monitor:
            monitor.wait_until("find('message_bar').isVisible()", True)
            assert f"port {port} is in use by another program" in message(monitor)
            assert monitor.ask("find('server_toggle').text()") == "Start"
            monitor.ask("click('message_free_port')")
            url = monitor.url()
            assert f":{port}/" not in url
            assert not monitor.ask("find('message_bar').isVisible()")
            Client(url).close()
            monitor.wait_until("rows()", 1)


def test_a_busy_port_keeps_the_server_and_who_waits() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        running("--delay", "600") as monitor,
    ):
        url = monitor.url()
        client = Client(url)
        monitor.wait_for_counts("Waiting 1", "Answered 0", "Interrupted 0")
        port = taken.getsockname()[1]
        monitor.ask(f"find('main_window').listen_requested.emit('{port}')")
        monitor.wait_until("find('message_bar').isVisible()", True)
        assert f"port {port} is in use by another program" in message(monitor)
        assert monitor.ask("find('server_address').text()") == url
        Client(url).close()  # it is still served
        monitor.wait_for_counts("Waiting 1", "Answered 0", "Interrupted 1 (100 %)")
        client.close()


def test_who_waits_is_answered_while_the_server_listens_elsewhere() -> None:
    with running("--delay", "600") as monitor:
        url = monitor.url()
        asking = Client(url, b"/asking")
        monitor.wait_for_counts("Waiting 1", "Answered 0", "Interrupted 0")
        leaving, dropped = Client(url), Client(url)
        idle = socket.create_connection(asking.socket.getpeername(), timeout=WAIT_S)
        monitor.wait_for_counts("Waiting 3", "Answered 0", "Interrupted 0")
        monitor.ask("find('main_window').listen_requested.emit('tcp:0')")
        monitor.wait_until("find('message_bar').isVisible()", True)
        assert "stay connected until they are answered" in message(monitor)
        assert idle.recv(1) == b""
        idle.close()
        elsewhere = monitor.ask("find('server_address').text()")
        assert elsewhere != url
        with pytest.raises(ConnectionRefusedError):
            Client(url)
        new = Client(elsewhere, b"/new")
        monitor.wait_for_counts("Waiting 4", "Answered 0", "Interrupted 0")
        leaving.close()
        monitor.wait_for_counts("Waiting 3", "Answered 0", "Interrupted 1 (100 %)")
        monitor.ask("click('waiting_action')")
        monitor.wait_until("find('waiting_view').model().index(0, 1).data()", "/asking")
        monitor.ask("find('waiting_view').selectRow(0)")
        monitor.ask("click('waiting_finish_now_action')")
        assert b"Sorry to keep you waiting." in asking.answer()
        monitor.wait_for_counts("Waiting 2", "Answered 1", "Interrupted 1 (50 %)")
        monitor.ask("click('message_drop_leaving')")
        monitor.wait_for_counts("Waiting 1", "Answered 1", "Interrupted 2 (67 %)")
        monitor.wait_until("find('message_bar').isVisible()", False)
        dropped.socket.close()
        new.close()


def test_settings_that_are_nested_too_deeply_do_not_keep_it_from_starting(tmp_path: Path) -> None:
    kept = tmp_path / "monitorapp" / "monitorapp.ini"
    kept.parent.mkdir()
    nested = "[" * 100_000
    kept.write_text(
        f'[table]\nfilters="{nested}"\n[clients]\ncampaign="{nested}"\n[delay]\nplan="{nested}"\n'
    )
    with running("--delay", "30", environment={"XDG_CONFIG_HOME": str(tmp_path)}) as monitor:
        Client(monitor.url()).close()
        monitor.wait_until("rows()", 1)
        assert monitor.ask("find('table_pane')._settings._settings.fileName()") == str(kept)


def test_whatever_is_imported_window_and_server_go_on(monitor: Monitor, tmp_path: Path) -> None:
    url = monitor.url()
    os.mkfifo(tmp_path / "pipe")
    long = tmp_path / "long"
    with long.open("wb") as stream:
        stream.truncate(20_000_000_000)  # of NULs, none of which is on the disk
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        monitor.ask(f"find('main_window').transfer.import_files([Path({str(path)!r})])")
        monitor.wait_until("find('message_bar').isVisible()", True)
        assert "it is not a regular file" in message(monitor)
    monitor.ask(f"find('main_window').transfer.import_files([Path({str(long)!r})])")
    for number in range(3):
        Client(url).close()
        monitor.wait_until("rows()", number + 1)
    assert monitor.ask("find('task_bar').isVisible()")
    monitor.ask("click('task_cancel_button')")
    assert not monitor.ask("find('task_bar').isVisible()")
    # It ends in good time although a thread was reading.
    assert monitor.end()[0] == 0


def test_a_malformed_endpoint_typed_in_is_explained_and_the_server_keeps_running(
    monitor: Monitor,
) -> None:
    url = monitor.url()
    monitor.ask("find('main_window').listen_requested.emit('tcp:seven')")
    monitor.wait_until("find('message_bar').isVisible()", True)
    assert "'seven' is not a port number" in message(monitor)
    assert monitor.ask("find('server_address').text()") == url
    Client(url).close()
    monitor.wait_until("rows()", 1)


def test_an_address_of_another_machine_is_explained() -> None:
    with running("--listen", "tcp:0:interface=192.0.2.1") as monitor:
        monitor.wait_until("find('message_bar').isVisible()", True)
        assert "does not have the address" in message(monitor)


@pytest.mark.parametrize(
    "arguments", [("--delay", "nan"), ("--keep", "0"), ("--listen", "what"), ("--what",)]
)
def test_a_bad_option_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    ended = run_main(*arguments)
    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: monitorapp")
    assert "Traceback" not in ended.stderr


def test_without_a_display_the_server_runs_all_the_same() -> None:
    bare = {name: "" for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")}
    with running("--delay", "30", environment=bare) as monitor:
        url = monitor.url()
        assert monitor.log[0].startswith("monitorapp: no window: there is no display")
        Client(url).close()
        monitor.wait_for_log("Async response demo interrupted response")
        assert monitor.end()[0] == 0


@pytest.mark.parametrize("typed", ["-1", "nan", "inf", "99999", "", "1,5", "x"])
def test_a_bad_delay_is_never_taken(monitor: Monitor, typed: str) -> None:
    monitor.url()
    monitor.ask("find('delay_spin_box').lineEdit().selectAll()")
    monitor.ask(f"TEST.keyClicks(find('delay_spin_box').lineEdit(), {typed!r})")
    monitor.ask("press('delay_spin_box', 'Return')")
    assert 0 <= monitor.ask("find('delay_spin_box').value()") <= 3600
    assert monitor.ask("find('delay_bar').delay_s") == monitor.ask("find('delay_spin_box').value()")


def test_hostile_bytes_are_shown_and_do_no_harm(monitor: Monitor) -> None:
    url = monitor.url()
    nested = b"/" + b"<table><tr><td>" * 200
    for path in (nested, b"/" + b"a" * 15_000, b"/<img/src=file:///etc/passwd>"):
        client = Client(url, path)
        client.close()
    bad = Client.__new__(Client)
    bad.socket = socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1].rstrip("/"))))
    bad.socket.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: \x1b[31m\xe2\x80\xae\xff\r\n\r\n")
    monitor.wait_until("find('counter_waiting').text()", "Waiting 1")
    bad.close()
    monitor.wait_until("rows()", 4)
    for row in (3, 2, 1, 0):
        monitor.ask(f"find('interruptions_view').model().toggle({row})")
    assert monitor.ask("find('main_window').grab().isNull()") is False
    text = monitor.ask("[' '.join(filter(None, cells(row))) for row in range(rows())]")
    assert any("\\x1b[31m\\u202e\\xff" in line for line in text)
    assert any("more characters" in line for line in text)
    assert max(map(len, text)) < 3_000


def test_a_target_that_is_not_ascii_is_a_bad_request_without_a_traceback(
    monitor: Monitor,
) -> None:
    parts = urlsplit(monitor.url())
    with socket.create_connection((parts.hostname, parts.port), timeout=WAIT_S) as client:
        client.sendall(b"POST /a\x80 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        with client.makefile("rb") as answer:
            assert answer.read().startswith(b"HTTP/1.1 400 ")
    monitor.wait_for_counts("Waiting 0", "Answered 1", "Interrupted 0 (0 %)")
    assert not [line for line in monitor.log if "Traceback" in line]


def test_clients_wait_while_descriptors_are_short_and_none_is_lost() -> None:
    limit = 160
    with running("--delay", "30", descriptors=limit) as monitor:
        monitor.ask("patch('monitorapp.web.server.server', 'CALM_S', 0.3)")
        url = monitor.url()
        clients = [Client(url, b"/%d" % number) for number in range(limit)]
        monitor.wait_until("find('message_bar').isVisible()", True)
        assert f"All {limit} file descriptors are in use" in message(monitor)
        monitor.wait_until("int(find('counter_waiting').text().split()[1]) > 20", True)
        left = 0
        while clients:
            monitor.wait_until("int(find('counter_waiting').text().split()[1]) > 0", True)
            clients.pop(0).close()
            left += 1
        monitor.wait_until("rows()", left)
        monitor.wait_until("find('message_bar').isVisible()", False)
        paths = monitor.ask("[cells(row)[2] for row in range(rows())]")
        assert sorted(paths) == sorted(f"/{number}" for number in range(limit))
        shortages = [line for line in monitor.log if "file descriptors are in use" in line]
        assert len(shortages) == 1
        assert not [line for line in monitor.log if "EMFILE" in line]
        assert monitor.end()[0] == 0
