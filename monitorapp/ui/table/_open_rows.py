"""The row arithmetic of a list in which any record can be open."""

from __future__ import annotations

from bisect import bisect_left, bisect_right


class OpenRows:
    """Maps rows to records in a list whose open records have lines below them.

    A record has a *serial*: a running number that it keeps while records
    come at the tail and go at the head. The row of a record is followed by as many
    rows as it has lines open. Looking up a row costs a bisection of the open records,
    however many records there are.

    Args:
        first: Serial of the first record to come.

    Attributes:
        first: Serial of the first record.
        end: One more than the serial of the last record.
    """

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self.end = first
        # Absolute rows count from the very first record there was, and include all lines
        # that were trimmed while open: so a trim changes no entry that stays.
        self._trimmed_lines = 0
        self._serials: list[int] = []
        self._starts: list[int] = []  # absolute row of each open record
        self._counts: list[int] = []  # lines below it

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._absolute(self.end) - self._base

    @property
    def open_serials(self) -> tuple[int, ...]:
        """Serials of the open records, ascending."""
        return tuple(self._serials)

    @property
    def open_count(self) -> int:
        """How many records are open."""
        return len(self._serials)

    def lines(self, serial: int) -> int:
        """Return how many lines the record has open; 0 if it is closed."""
        place = bisect_left(self._serials, serial)
        if place < len(self._serials) and self._serials[place] == serial:
            return self._counts[place]
        return 0

    def row(self, serial: int) -> int:
        """Return the row of a record, which need not be open.

        Raises:
            IndexError: There is no such record.
        """
        if not self.first <= serial < self.end:
            raise IndexError(f"There is no record {serial}.")
        return self._absolute(serial) - self._base

    def locate(self, row: int) -> tuple[int, int]:
        """Return the serial of the record at a row, and which of its lines: 0 is the record.

        Raises:
            IndexError: There is no such row.
        """
        if not 0 <= row < len(self):
            raise IndexError(f"There is no row {row}.")
        absolute = row + self._base
        place = bisect_right(self._starts, absolute) - 1
        if place < 0:
            return absolute - self._trimmed_lines, 0
        offset = absolute - self._starts[place]
        count = self._counts[place]
        if offset <= count:
            return self._serials[place], offset
        return self._serials[place] + offset - count, 0

    def extend(self, count: int) -> None:
        """Add `count` records at the tail, closed."""
        self.end += count

    def rows_of_head(self, count: int) -> int:
        """Return how many rows the first `count` records have."""
        return self._absolute(self.first + count) - self._base

    def remove(self, place: int, count: int) -> None:
        """Remove `count` records, with their open lines, from behind the first `place` ones.

        Those first ones get other serials, `count` higher. It takes as long as they are open.
        """
        end = self.first + place
        opened = [
            (one, self.lines(one)) for one in self._serials[: bisect_left(self._serials, end)]
        ]
        self.trim(place + count)
        self.first -= place
        for serial, lines in opened:
            self.open(serial + count, lines)

    def trim(self, count: int) -> None:
        """Remove the first `count` records, with their open lines."""
        self.first += count
        gone = bisect_left(self._serials, self.first)
        self._trimmed_lines += sum(self._counts[:gone])
        del self._serials[:gone], self._starts[:gone], self._counts[:gone]

    def open(self, serial: int, lines: int) -> None:
        """Open a closed record with `lines` lines below it.

        Raises:
            IndexError: There is no such record.
            ValueError: It is open, or `lines` is less than 1.
        """
        if lines < 1 or self.lines(serial):
            raise ValueError(f"Record {serial} cannot be opened with {lines} lines.")
        start = self.row(serial) + self._base
        place = bisect_left(self._serials, serial)
        self._serials.insert(place, serial)
        self._starts.insert(place, start)
        self._counts.insert(place, lines)
        self._shift(place + 1, lines)

    def close(self, serial: int) -> None:
        """Close an open record.

        Raises:
            ValueError: It is not open.
        """
        lines = self.lines(serial)
        if not lines:
            raise ValueError(f"Record {serial} is not open.")
        place = bisect_left(self._serials, serial)
        del self._serials[place], self._starts[place], self._counts[place]
        self._shift(place, -lines)

    @property
    def _base(self) -> int:
        """Absolute row of the first record."""
        return self.first + self._trimmed_lines

    def _absolute(self, serial: int) -> int:
        place = bisect_left(self._serials, serial) - 1
        if place < 0:
            return serial + self._trimmed_lines
        return self._starts[place] + self._counts[place] + serial - self._serials[place]

    def _shift(self, place: int, rows: int) -> None:
        self._starts[place:] = [start + rows for start in self._starts[place:]]
