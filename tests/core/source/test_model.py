from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.source.live import LiveSource
from monitorapp.core.source.source import Source
from tests.core.source.histories import take_small_steps
from tests.core.source.model import SourcesMachine, write_all

pytestmark = pytest.mark.slow


class Listener:
    """Keeps what is shown by the signals alone, as a table does."""

    def __init__(self, live: LiveSource) -> None:
        self._live = live
        self._source: Source = live
        self._filter = parse_filter("")
        self._live.set_filter(self._filter)
        self._listen()

    def show(self, source: Source) -> None:
        if source is self._source:
            return
        self._leave()
        left, self._source = self._source, source
        source.set_filter(self._filter)
        self._listen()
        left.close()

    def show_live(self) -> None:
        self.show(self._live)

    def filter(self, expression: str) -> None:
        self._filter = parse_filter(expression)
        self._source.set_filter(self._filter)

    def shown(self) -> list[Interruption]:
        return list(self._shown)

    def close(self) -> None:
        self._leave()

    def _listen(self) -> None:
        self._source.changed.connect(self._take)
        self._take_records()

    def _leave(self) -> None:
        self._source.changed.disconnect(self._take)
        self._forget_records()

    def _take(self) -> None:
        self._forget_records()
        self._take_records()

    def _take_records(self) -> None:
        records = self._records = self._source.records
        self._shown = list(records)
        records.added.connect(self._shown.append)
        records.evicted.connect(self._evict)
        records.cleared.connect(self._shown.clear)

    def _forget_records(self) -> None:
        self._records.added.disconnect(self._shown.append)
        self._records.evicted.disconnect(self._evict)
        self._records.cleared.disconnect(self._shown.clear)

    def _evict(self, gone: Interruption) -> None:
        del self._shown[next(place for place, one in enumerate(self._shown) if one is gone)]


def test_what_is_shown_is_what_a_naive_model_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_small_steps(monkeypatch)
    history, file = write_all(tmp_path)

    class Machine(SourcesMachine):
        def __init__(self) -> None:
            super().__init__(Listener, history, file)

    run_state_machine_as_test(
        Machine,
        settings=settings(max_examples=150, stateful_step_count=40, deadline=None),
    )
