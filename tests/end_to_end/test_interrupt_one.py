"""The first row, with one press of a button."""

from __future__ import annotations

from tests.end_to_end.monitor import Monitor, running


def test_one_press_is_one_row(monitor: Monitor) -> None:
    monitor.url()
    monitor.ask("click('interrupt_one_action')")
    monitor.wait_until("rows()", 1)
    assert monitor.ask("cells(0)[6]") == "closed by the client"
    assert (
        0.9 < float(monitor.ask("cells(0)[4]").removesuffix(" s")) < 30
    )  # there is no other end of its wait
    monitor.wait_until("find('counter_waiting').text()", "Waiting 0")


def test_without_a_delay_it_says_why_not() -> None:
    with running("--delay", "0") as monitor:
        monitor.url()
        monitor.ask("click('interrupt_one_action')")
        said = monitor.ask("find('main_window').statusBar().currentMessage()")
        assert said == "No response can be interrupted without a delay. Choose one above 0 s."
        assert monitor.counts()[1] == "Answered 0"


def test_a_stopped_server_cannot_be_asked(monitor: Monitor) -> None:
    monitor.url()
    assert monitor.ask("find('interrupt_one_action').isEnabled()")
    monitor.ask("find('main_window').stop_requested.emit()")
    monitor.wait_until("find('interrupt_one_action').isEnabled()", False)
