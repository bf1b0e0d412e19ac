"""Many clients that give up, against the real server."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from tests.end_to_end.certificate import server_certificate
from tests.end_to_end.monitor import Monitor, running

ASKED = re.compile(r"Asked (\d+): 0 answered, (\d+) interrupted\.")
EARLY = re.compile(r"^(\d+) reached the server, (\d+) left before", re.MULTILINE)


def plan(monitor: Monitor, **fields: object) -> None:
    monitor.ask(f"find('campaign_form').set_fields({fields!r})")


def summary(monitor: Monitor) -> str:
    monitor.wait_until("find('client_start').text()", "&Start")
    text: str = monitor.ask("find('client_summary').toPlainText()")
    return text


def asked_and_reached(text: str) -> tuple[int, int]:
    """Return how many requests were asked, all of them given up, and how many reached the server.

    A client that resets its connection may be gone before the server has read what it asks.
    """
    counted, early = ASKED.match(text), EARLY.search(text)
    assert counted is not None, text
    asked, interrupted = (int(digits) for digits in counted.groups())
    reached, unread = (int(digits) for digits in early.groups()) if early else (asked, 0)
    assert reached + unread == asked == interrupted
    rows = f"{reached} interrupted response{'' if reached == 1 else 's'}"
    assert f"The server recorded {rows}: it agrees." in text
    return asked, reached


@pytest.mark.parametrize(
    ("leaving", "reason"),
    [
        ("close", "closed by the client"),
        ("reset", "reset"),
        ("half_close", "closed by the client"),
    ],
)
def test_all_that_give_up_are_recorded(monitor: Monitor, leaving: str, reason: str) -> None:
    monitor.url()
    monitor.ask("click('client_action')")
    plan(
        monitor,
        count=50,
        at_once=20,
        path="/campaign",
        leaving=leaving,
        patience="log_normal",
        median_s=0.1,
        spread=2,
    )
    monitor.ask("click('client_start')")
    asked, reached = asked_and_reached(summary(monitor))
    assert asked == 50
    assert reached == 50 or leaving == "reset"
    monitor.wait_until("rows()", reached)
    reasons = monitor.ask(f"[cells(row)[6] for row in range({reached})]")
    # One that comes right after another has left looks like its next try.
    assert {each.partition(" \N{MIDDLE DOT} try")[0] for each in reasons} == {reason}
    paths = monitor.ask(f"[cells(row)[2] for row in range({reached})]")
    assert set(paths) == {"/campaign"}
    monitor.ask("click('client_show_rows')")
    monitor.wait_until("find('filter_count').text()", f"{reached} of {reached}")


def test_some_are_answered_and_some_give_up() -> None:
    with running("--delay", "0.5") as monitor:
        monitor.url()
        plan(monitor, count=50, at_once=50, patience="uniform", least_s=0, most_s=1)
        monitor.ask("click('client_start')")
        text = summary(monitor)
        assert text.startswith("Asked 50: ")
        monitor.wait_until("find('counter_waiting').text()", "Waiting 0")
        answered, interrupted = monitor.counts()[1:]
        answers = int(answered.removeprefix("Answered "))
        assert 10 < answers < 40
        assert f"recorded {50 - answers} interrupted responses" in text
        assert "it agrees" in text
        assert interrupted.startswith(f"Interrupted {50 - answers} ")
        assert "Stopping factory" not in "\n".join(monitor.log)


@pytest.mark.parametrize("leaving", ["wait", "slow_read"])
def test_those_that_stay_are_answered(leaving: str) -> None:
    with running("--delay", "0.1") as monitor:
        monitor.url()
        plan(monitor, count=20, at_once=10, leaving=leaving, patience="fixed", fixed_s=0.2)
        monitor.ask("click('client_start')")
        text = summary(monitor)
        assert "Asked 20: 20 answered, 0 interrupted." in text
        assert "The server recorded 0 interrupted responses: it agrees." in text


def test_cancelling_interrupts_those_that_wait(monitor: Monitor) -> None:
    monitor.url()
    plan(monitor, count=100_000, at_once=300, leaving="wait")
    monitor.ask("click('client_start')")
    monitor.wait_until("find('counter_waiting').text()", "Waiting 300")
    assert monitor.ask("find('client_start').text()") == "&Cancel"
    monitor.ask("click('client_start')")
    text = summary(monitor)
    assert "Asked 300: 0 answered, 300 interrupted." in text
    assert "99,700 not sent any more." in text
    assert "it agrees" in text


def test_quitting_amid_a_campaign_is_orderly(monitor: Monitor) -> None:
    monitor.url()
    plan(monitor, count=100_000, at_once=300, leaving="wait")
    monitor.ask("click('client_start')")
    monitor.wait_until("find('counter_waiting').text()", "Waiting 300")
    code, took_s = monitor.end()
    assert code == 0
    assert took_s < 10  # a hang, not a measurement
    text = "\n".join(monitor.log)
    assert text.count("Async response demo interrupted response") == 300
    assert "Unhandled" not in text
    assert "Unexpected error" not in text


def test_a_target_that_refuses_is_reported_in_a_sentence(monitor: Monitor) -> None:
    monitor.url()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    plan(monitor, count=100_000, at_once=100, target=f"http://127.0.0.1:{port}/")
    monitor.ask("click('client_start')")
    text = summary(monitor)
    assert "Asked 0: 0 answered, 0 interrupted." in text
    assert "failed to connect: Connection was refused by other side: 111" in text
    assert "Another host: nothing is recorded here." in text


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"patience": "uniform", "least_s": 3, "most_s": 1}, "longer than the longest"),
        ({"target": "localhost"}, "not to 'localhost'"),
    ],
)
def test_bad_input_is_reported_in_a_sentence(
    monitor: Monitor, fields: dict[str, object], problem: str
) -> None:
    monitor.url()
    plan(monitor, **fields)
    monitor.ask("click('client_start')")
    monitor.wait_until(f"{problem!r} in find('client_problem').text()", True)
    assert monitor.ask("find('client_start').text()") == "&Start"


def test_a_stopped_server_is_reported(monitor: Monitor) -> None:
    monitor.url()
    monitor.ask("find('main_window').stop_requested.emit()")
    monitor.wait_until("find('server_toggle').text()", "Start")
    monitor.ask("click('client_start')")
    monitor.wait_until("find('client_problem').text()[:27]", "The server does not listen.")


def test_a_unix_socket_is_asked_too(tmp_path: Path) -> None:
    with running("--delay", "30", "--listen", f"unix:{tmp_path}/web") as monitor:
        monitor.url()
        plan(monitor, count=20, at_once=20, leaving="close", patience="fixed", fixed_s=0.1)
        monitor.ask("click('client_start')")
        assert "The server recorded 20 interrupted responses: it agrees." in summary(monitor)


def test_a_certificate_of_its_own_is_trusted(tmp_path: Path) -> None:
    listen = f"ssl:0:interface=127.0.0.1:privateKey={server_certificate(tmp_path)}"
    with running("--delay", "30", "--listen", listen) as monitor:
        assert monitor.url().startswith("https:")
        plan(monitor, count=20, at_once=20, leaving="close", patience="fixed", fixed_s=0.1)
        monitor.ask("click('client_start')")
        assert "The server recorded 20 interrupted responses: it agrees." in summary(monitor)
        plan(monitor, leaving="half_close")
        monitor.ask("click('client_start')")
        monitor.wait_until("'no half-close' in find('client_problem').text()", True)


def test_few_descriptors_mean_few_clients_at_a_time() -> None:
    with running("--delay", "30", descriptors=128) as monitor:
        monitor.url()
        plan(
            monitor,
            count=100_000,
            at_once=1000,
            leaving="close",
            patience="fixed",
            fixed_s=0.05,
        )
        monitor.ask("click('client_start')")
        monitor.wait_until("'128 files' in find('client_problem').text()", True)
        monitor.wait_until("int(find('client_progress').value()) > 200", True)
        monitor.ask("click('client_start')")
        text = summary(monitor)
        assert "failed" not in text
        asked, reached = asked_and_reached(text)
        assert asked > 200
        monitor.wait_until("rows()", reached)


def test_a_server_that_is_stopped_during_a_campaign_is_reported(monitor: Monitor) -> None:
    monitor.url()
    plan(monitor, count=5_000, at_once=100, leaving="wait")
    monitor.ask("click('client_start')")
    monitor.wait_until("find('counter_waiting').text()", "Waiting 100")
    monitor.ask("find('main_window').stop_requested.emit()")
    text = summary(monitor)
    assert "Asked 100: 0 answered, 0 interrupted." in text
    assert "100 ended by the server without an answer." in text
    assert "The server recorded 100 interrupted responses: it agrees." in text
    assert "failed to connect: Connection was refused" in text
    assert "not sent any more." in text
