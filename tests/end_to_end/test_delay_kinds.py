from __future__ import annotations

from random import Random

from monitorapp.core.chance.distribution import LogNormal
from monitorapp.core.delay.delay import Delay
from tests.end_to_end.monitor import Client, Monitor, running


def interrupted_delays(monitor: Monitor, count: int) -> list[str]:
    url = monitor.url()
    for number in range(count):
        Client(url).close()
        monitor.wait_until("rows()", number + 1)
    delays: list[str] = monitor.ask(f"[cells(row)[5] for row in range({count})]")
    return delays


def test_a_seeded_run_is_repeated_and_the_kind_is_there_again() -> None:
    delay = Delay(LogNormal(60, 1.5), random=Random(7))
    expected = [f"{delay.next_s():.3f} s" for _ in range(3)]
    with running("--seed", "7", "--history", "none") as monitor:
        monitor.url()
        monitor.ask("click('delay_kind_log_normal_action')")
        monitor.ask("find('delay_median_s').setText('60')")
        monitor.ask("find('delay_spread').setText('0.5')")
        assert "between 1 and 100" in monitor.ask("find('delay_problem').text()")
        monitor.ask("click('delay_use')")
        assert monitor.ask("find('delay_bar').plan.words") == "fixed, 5 s"
        monitor.ask("find('delay_spread').setText('1.5')")
        monitor.ask("click('delay_use')")
        assert interrupted_delays(monitor, 3) == expected
        assert monitor.end()[0] == 0
    with running("--seed", "7", "--history", "none") as monitor:
        assert interrupted_delays(monitor, 3) == expected
        words = monitor.ask("find('delay_words').text()")
        assert words == "log-normal, median 60 s, spread 1.5"
    with running("--delay", "2") as monitor:
        monitor.url()
        assert monitor.ask("find('delay_bar').plan.words") == "fixed, 2 s"


def test_a_change_counts_for_waiting_requests_only_if_that_is_wanted() -> None:
    with running("--delay", "30") as monitor:
        client = Client(monitor.url())
        monitor.wait_until("find('counter_waiting').text()", "Waiting 1")
        monitor.ask("click('delay_preset_0_5')")
        monitor.ask("find('also_waiting_check').setChecked(True)")
        assert monitor.ask("find('counter_waiting').text()") == "Waiting 1"
        monitor.ask("click('delay_preset_1')")
        assert client.answer().endswith(b"Sorry to keep you waiting.")


def test_a_sweep_goes_on_while_the_server_runs() -> None:
    with running("--delay", "0") as monitor:
        monitor.url()
        monitor.ask("click('delay_kind_sweep_action')")
        for name, text in (("first_s", "100"), ("last_s", "200"), ("over_s", "0.5")):
            monitor.ask(f"find('delay_{name}').setText('{text}')")
        monitor.ask("click('delay_use')")
        monitor.wait_until("find('delay_now').text()", "now 200.0 s")
        assert interrupted_delays(monitor, 1) == ["200.000 s"]
