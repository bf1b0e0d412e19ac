"""What is seen inside the app's process, in its GUI thread."""

from __future__ import annotations

import importlib
import time
from typing import Any, Final

from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication

from monitorapp.core.filter.language import Filter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.searched_text import searched_text
from tests.end_to_end.driver import find, the
from tests.factory import numbered

BEAT_MS: Final = 5


class Gaps:
    """How long the event loop did not come back, and how much of that this process computed."""

    def __init__(self) -> None:
        self.steps: list[str] = []  # since the last turn
        self.worst_wall: tuple[float, str] = (0.0, "")
        self.worst_cpu: tuple[float, str] = (0.0, "")
        self._timer = QTimer()
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self.begin()

    def begin(self) -> None:
        """Leave out what was since the last turn, as it was for the checks."""
        self._wall_s, self._cpu_s = time.perf_counter(), time.thread_time()
        self._timer.start()

    def _beat(self) -> None:
        wall_s, cpu_s = time.perf_counter(), time.thread_time()
        steps = " + ".join(self.steps)
        self.worst_wall = max(self.worst_wall, (wall_s - self._wall_s - BEAT_MS / 1000, steps))
        self.worst_cpu = max(self.worst_cpu, (cpu_s - self._cpu_s, steps))
        self._wall_s, self._cpu_s = wall_s, cpu_s
        self.steps = self.steps[-1:]


class Witness:
    """Keeps on its own what the store should keep, from what it announces."""

    def __init__(self) -> None:
        self.window = find("main_window")
        self.tracker = the("RequestTracker")
        self.server = the("WebServer")
        self.recorder = the("Recorder")
        self.store = the("SourcesPresenter")._live._store
        importlib.import_module("monitorapp.ui.charts._plot")  # long the first time, as is known
        self.gaps = Gaps()
        self.arrived: list[Interruption] = []
        self.earlier: list[Interruption] = []
        self._newest: list[Interruption] = []
        self._old: list[Interruption] = []
        self.take_earlier()
        self.store.added.connect(self._add)
        self.store.preceded.connect(self.take_earlier)

    @property
    def kept(self) -> list[Interruption]:
        return [*self._old, *self._newest]

    def take_earlier(self) -> None:
        """Take the present state for right: what comes in there is for tests of its own."""
        known = set(map(id, self.kept))
        self.earlier = self.earlier or [one for one in self.store if id(one) not in known]
        self._old, self._newest = list(self.store._old), list(self.store._newest)

    def clear(self) -> None:
        stars = self.store.stars
        self._old = [one for one in self._old if one in stars]
        if any(one not in stars for one in self._newest):
            self._old, self._newest = [one for one in self.kept if one in stars], []

    def _add(self, interruption: Interruption) -> None:
        self.arrived.append(interruption)
        self._newest.append(interruption)
        stars = self.store.stars
        if len(self._newest) > self.store.keep:
            oldest = self._newest.pop(0)
            if oldest in stars:
                self._old.append(oldest)
        self._old = [one for one in self._old if one in stars]


_witness: Witness | None = None


def witness() -> Witness:
    global _witness  # one a process
    if _witness is None:
        _witness = Witness()
    return _witness


def snapshot(arrived_from: int) -> dict[str, Any]:
    """Return all that is compared, as it is at one moment."""
    this = witness()
    window, tracker, store = this.window, this.tracker, this.store
    source, pane = window.table_pane.source, window.table_pane
    counts = tracker.counts
    bar = window.message_bar
    seen = {
        "begun": tracker._begun,
        "counts": [counts.waiting, counts.answered, counts.interrupted, counts.unlogged],
        "labels": [
            find(f"counter_{name}").text() for name in ("waiting", "answered", "interrupted")
        ],
        "rows_kept": find("rows_kept").text(),
        "kept": len(store),
        "arrived": [[one.request_number, one.uri] for one in this.arrived[arrived_from:]],
        "arrived_count": len(this.arrived),
        "origin": tracker.origin,
        "waiting": waiting(),
        "is_live": source.is_live,
        "source": type(source).__name__,
        "title": source.title,
        "share": source.progress.share,
        "shown": pane.shown_count,
        "filter": window.filter_bar.filter.expression,
        "filter_count": find("filter_count").text(),
        "filter_count_shown": not find("filter_count").isHidden(),
        "state": find("server_bar").state.value,
        "url": window._address,
        "messages": {key: one.text for key, one in bar._messages.items()},
        "message_shown": bar.text() if not bar.isHidden() else "",
        "port": id(this.server._port),
        "leaving": this.server._is_leaving,
        "history": find("history_status").text(),
        "history_run": this.recorder.state.run,
        "task": not find("task_bar").isHidden(),
        "campaign": find("client_start").text(),
        "summary": find("client_summary").toPlainText(),
        "differences": differences(),
        "run_records": (
            [[one.origin, one.number] for one in source.records]
            if type(source).__name__ == "RunSource"
            else None
        ),
        "run": getattr(source, "_run", None),
        "keep": store.keep,
        "worst_wall": list(this.gaps.worst_wall),
        "worst_cpu": list(this.gaps.worst_cpu),
    }
    this.gaps.begin()
    return seen


def differences() -> list[str]:
    """Return what is not as it follows from the store, in this process alone."""
    this = witness()
    window, store, pane = this.window, this.store, this.window.table_pane
    found = []
    kept = list(store)
    if list(map(id, kept)) != list(map(id, this.kept)):
        found.append(f"the store has {len(kept)} and not the {len(this.kept)} records it should")
    source = pane.source
    records = list(getattr(source, "_store", source.records))
    wanted = [one for one in records if _matches(window.filter_bar.filter, one, source)]
    model = pane._model
    shown = pane.shown()
    if model.sorting is None:
        is_same = list(map(id, shown)) == list(map(id, wanted))
    else:
        is_same = sorted(map(id, shown)) == sorted(map(id, wanted))
    if not is_same:
        found.append(f"the table shows {len(shown)} and not {len(wanted)} of {len(records)}")
    groups = pane.groups_view.groups_model
    if pane._grouping is not None:
        grouped = sum(len(row.group) for row in groups._rows if row.is_group)
        if grouped != len(wanted):
            found.append(f"the groups have {grouped} rows and not {len(wanted)}")
    rows = window.panes.waiting
    if rows.isVisible() and rows._model.rowCount() != this.tracker.counts.waiting:
        found.append(f"{rows._model.rowCount()} requests are shown to wait")
    return found


def _matches(filter_: Filter, one: Interruption, source: Any) -> bool:
    outcomes = getattr(source, "_store", witness().store).outcomes  # a file has its own
    return filter_.matches(one, searched_text(one), source.records.stars, outcomes.words_of)


def waiting() -> list[tuple[int, str, float]]:
    """Return the requests that wait: number, target and how long they still do."""
    tracker = witness().tracker
    found = []
    for number in tracker.numbers():
        facts = tracker.facts(number)
        found.append((number, facts.uri, facts.remaining_s or 0.0))
    return found


def paths_of_earlier() -> list[tuple[str, int]]:
    return [(one.origin, one.number) for one in witness().earlier]


def has_dialog(name: str) -> bool:
    tops = QApplication.topLevelWidgets()
    return any(top.objectName() == name and top.isVisible() for top in tops)


def totals() -> dict[str, Any]:
    """Return the counts alone, and the worst gaps."""
    this = witness()
    counts = this.tracker.counts
    return {
        "begun": this.tracker._begun,
        "counts": [counts.waiting, counts.answered, counts.interrupted, counts.unlogged],
        "arrived": len(this.arrived),
        "worst_wall": list(this.gaps.worst_wall),
        "worst_cpu": list(this.gaps.worst_cpu),
    }


def begin_gaps() -> None:
    """Measure gaps from now on, and not those that were."""
    gaps = witness().gaps
    gaps.worst_wall = gaps.worst_cpu = (0.0, "")
    gaps.begin()


def worst_gaps() -> list[tuple[float, str]]:
    gaps = witness().gaps
    return [gaps.worst_wall, gaps.worst_cpu]


def fill(start: int, count: int, characters: int) -> None:
    """Add rows with long paths, each another one."""
    store = witness().store
    for number in range(start, start + count):
        store.add(numbered(number, uri=f"/{'a' * characters}/{number}"))


def diagnose() -> list[str]:
    """Return what the reactor is about to do."""
    reactor = witness().server._reactor
    now_s = time.monotonic()
    names = ("_armed_s", "_deadline_s", "_turned_s", "_left_s", "_looked_s")
    found = [f"{name} {getattr(reactor, name) - now_s:.3f}" for name in names]
    found.append(f"depth {reactor._depth}, attached {reactor._attached}")
    found.append(f"timer {reactor._timer.isActive()} {reactor._timer.remainingTime()}")
    found.append(f"calls left {reactor._calls_left}, thread calls {len(reactor.threadCallQueue)}")
    calls = sorted(reactor.getDelayedCalls(), key=lambda call: call.getTime())
    found += [f"in {call.getTime() - now_s:.3f} s {str(call)[:150]}" for call in calls[:20]]
    return found
