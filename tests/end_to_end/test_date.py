"""The date may be set back while the app runs: what lasts goes on, what is shown follows it."""

from __future__ import annotations

import datetime
import re
import time

from tests.end_to_end.monitor import Client, running


def test_all_goes_on_when_the_date_is_set_back_by_an_hour() -> None:
    with running("--delay", "3") as monitor:
        url = monitor.url()
        waiting = Client(url, b"/before")
        monitor.wait_until("find('counter_waiting').text()", "Waiting 1")
        monitor.ask("set_date_back(3600)")
        assert abs(monitor.ask("time.time()") - time.time() + 3600) < 60
        assert b"Sorry to keep you waiting." in waiting.answer()
        assert b"Sorry to keep you waiting." in Client(url, b"/after").answer()
        monitor.wait_for_counts("Waiting 0", "Answered 2", "Interrupted 0 (0 %)")

        monitor.ask("click('delay_preset_30')")
        Client(url, b"/left").close()
        monitor.wait_until("rows()", 1)
        monitor.wait_for_counts("Waiting 0", "Answered 2", "Interrupted 1 (33 %)")
        assert 0 <= float(monitor.ask("cells(0)[4]").removesuffix(" s")) < 60
        monitor.wait_until("sum(the('Rates').history().answered)", 2)
        monitor.wait_until("sum(the('Rates').history().interrupted)", 1)
        assert monitor.ask("left()") == 1
        assert abs(monitor.ask("the('RequestTracker').wall()") - time.time() + 3600) < 60
        (line,) = (line for line in monitor.log if '"GET /after HTTP/1.1" 200' in line)
        found = re.search(r"\[([^\[]+)\] \"GET", line)
        assert found
        logged = datetime.datetime.strptime(found[1], "%d/%b/%Y:%H:%M:%S %z")
        assert abs(logged.timestamp() - time.time() + 3600) < 60
