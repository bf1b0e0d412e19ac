"""Writes ended requests to a history, in blocks that grow."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

from monitorapp.core.history._batch import WrittenRun, keep_run
from monitorapp.core.history._ended_block import packed
from monitorapp.core.history._transaction import transaction
from monitorapp.core.request.columns import MOST_ROWS, EndColumns
from monitorapp.core.text.visible import visible

MAX_WAITING: Final = 200_000
"""Requests that wait for the file at most; then the oldest of them are not kept."""

_BATCH: Final = 4_096
_TOGETHER: Final = 32
"""So many blocks of about the same size become one: each row is written about three times."""


class _Block(NamedTuple):
    number: int
    rows: EndColumns


class EndedWriting:
    """Ended requests on their way into a history.

    What has come is written soon, in small blocks. Once there are many of them they become a
    larger one, and so on, as these are several times smaller than what they are made of. It is
    used by the thread of the writer.

    Attributes:
        lost: How many requests are not kept, as the file could not be written.
    """

    def __init__(self) -> None:
        self.lost = 0
        self._waiting: deque[EndColumns] = deque()
        self._count = 0
        self._levels: list[list[_Block]] = []  # blocks in the file that can become larger ones

    def __len__(self) -> int:
        return self._count

    @property
    def origin(self) -> str:
        """The origin of the first that waits."""
        return self._waiting[0].origin if self._waiting else ""

    def add(self, rows: EndColumns) -> None:
        """Write these rows soon; if too many wait, leave out the oldest."""
        self._waiting.append(rows)
        self._count += len(rows)
        while self._count > MAX_WAITING:
            self._take(1, is_lost=True)

    def clear(self) -> None:
        """Leave out all that wait."""
        self._take(len(self._waiting), is_lost=True)

    def forget_file(self) -> None:
        """Let the blocks in the file be: it may be another one now."""
        self._levels = []

    def write(self, connection: sqlite3.Connection, run: WrittenRun) -> WrittenRun:
        """Write a batch, and return the run as it is in the file.

        Raises:
            sqlite3.Error: It could not be written. All waits as before.
        """
        rows = EndColumns(self.origin)
        parts = 0
        for part in self._waiting:
            if parts and len(rows) + len(part) > _BATCH:
                break
            rows.extend(part)
            parts += 1
        levels = [[*level] for level in self._levels]
        replaced: list[_Block] = []
        if not (run.number or run.origin):
            run = run._replace(origin=visible(self.origin))
        with transaction(connection):
            run = keep_run(connection, run)
            if len(rows) + sum(len(one.rows) for level in levels for one in level) > MOST_ROWS:
                _write_together(connection, run, [one for of in reversed(levels) for one in of])
                levels = []
            level = 0
            while level < len(levels) and len(levels[level]) >= _TOGETHER - 1:
                replaced = [*levels[level], *replaced]
                levels[level] = []
                level += 1
            block = _write_together(connection, run, [*replaced, _Block(0, rows)])
        if level == len(levels):
            levels.append([])
        levels[level].append(block)
        self._levels = levels
        self._take(parts)
        return run

    def finish(self, connection: sqlite3.Connection, run: WrittenRun) -> None:
        """Make one block of those that could still become larger.

        Raises:
            sqlite3.Error: It could not be written. They are as before.
        """
        blocks = [one for level in reversed(self._levels) for one in level]
        if len(blocks) > 1:
            with transaction(connection):
                _write_together(connection, run, blocks)
        self._levels = []

    def _take(self, parts: int, *, is_lost: bool = False) -> None:
        for _ in range(parts):
            count = len(self._waiting.popleft())
            self._count -= count
            self.lost += count if is_lost else 0


def _write_together(
    connection: sqlite3.Connection, run: WrittenRun, blocks: Sequence[_Block]
) -> _Block:
    """Write blocks as one, in a transaction that has begun, in place of those in the file."""
    rows = EndColumns(blocks[0].rows.origin)
    for block in blocks:
        rows.extend(block.rows)
    rows.seal()
    connection.executemany(
        "DELETE FROM ended WHERE id = ? AND run = ?",
        [(block.number, run.number) for block in blocks if block.number],
    )
    number = connection.execute(
        "INSERT INTO ended (run, count, ended_s, block) VALUES (?, ?, ?, ?)",
        (run.number, len(rows), max(rows.ended_s), packed(rows)),
    ).lastrowid
    return _Block(number or 0, rows)
