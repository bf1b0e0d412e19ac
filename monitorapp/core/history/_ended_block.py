"""Ended requests as a block of bytes of a history, and back.

A block is compressed, and has all that its rows need. It is checked when it is read: whatever its
bytes are, it is either rows that make sense, or none. Times are kept in microseconds, as
differences. The bytes of numbers are sorted by their weight: those that hardly change take no room.
"""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from monitorapp.core.request.columns import (
    LONGEST_TEXT,
    MOST_CHARACTERS,
    MOST_ROWS,
    TEXTS,
    EndColumns,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_BYTES: Final = 8_000_000
"""Bytes of a block at most, once it is decompressed: all that `EndColumns` can have."""

_FORMAT: Final = 1
_HEAD: Final = struct.Struct("<BI5I")
"""The format, how many rows, and how many bytes the texts of each kind take, with their ends."""

_END: Final = b"\0"  # in no text, for all are visible
_LEVEL: Final = 6
_US: Final = 1e6
_LAST_S: Final = 2.0**37  # in the year 6325
_LONGEST_S: Final = 2.0**30  # 34 years
_MOST_IN_TEXT: Final = LONGEST_TEXT + 100
_NO_DELAY: Final = -1


class BlockError(ValueError):
    """Some bytes are no block."""


def packed(rows: EndColumns) -> bytes:
    """Return rows, of which there are some, as a block; times that make no sense are changed.

    It does without NumPy, which the app would have to load for it at its first request.
    """
    texts, columns = [], []
    for name in TEXTS:
        places = {code: place for place, code in enumerate(sorted({*rows.codes[name]}))}
        encoded = (rows.texts[name][code].encode("utf-8", "replace") for code in places)
        texts.append(b"".join(text.replace(_END, b"?") + _END for text in encoded))
        columns.append(array("H", [places[code] for code in rows.codes[name]]))
    ended_us = [_microseconds(ended_s, _LAST_S) for ended_s in rows.ended_s]
    delay_us = [_microseconds(delay_s, _LONGEST_S, _NO_DELAY) for delay_s in rows.delay_s]
    waited_us = [_microseconds(waited_s, _LONGEST_S) for waited_s in rows.waited_s]
    numbers = (
        [ended_us[0], *(later - sooner for sooner, later in pairwise(ended_us))],
        # What was answered waited little more than its delay.
        [
            waited - delay if delay > 0 else waited
            for waited, delay in zip(waited_us, delay_us, strict=True)
        ],
        delay_us,
        rows.bytes_written,
    )
    # Numbers near 0, of either sign, become small ones: 0, -1, 1, -2 become 0, 1, 2, 3.
    columns += [array("Q", [2 * one if one >= 0 else ~(2 * one) for one in of]) for of in numbers]
    content = [
        _HEAD.pack(_FORMAT, len(rows), *map(len, texts)),
        *texts,
        *map(_planes, columns),
        rows.had_query.tobytes(),
    ]
    return zlib.compress(b"".join(content), _LEVEL)


def unpacked(block: bytes, origin: str) -> EndColumns:
    """Return the rows of a block.

    Args:
        block: The bytes.
        origin: That of their run.

    Raises:
        BlockError: They are no block.
    """
    import numpy as np

    content = _Content(_decompressed(block))
    form, count, *sizes = _HEAD.unpack(content.take(_HEAD.size))
    if form != _FORMAT or not 0 < count <= MOST_ROWS:
        raise BlockError("It has another format, or no rows.")
    rows = EndColumns(origin)
    for name, size in zip(TEXTS, sizes, strict=True):
        rows.texts[name] = _texts(content.take(size), count)
    for name in TEXTS:
        codes = content.numbers(count, "<u2")
        if int(codes.max()) >= len(rows.texts[name]):
            raise BlockError("A row has a text that is not there.")
        rows.codes[name] = array("H", codes.astype(np.uint16).tobytes())
    ended_us = _numbers_near_0(content.numbers(count, "<u8")).cumsum()
    over_us = _numbers_near_0(content.numbers(count, "<u8"))
    delay_us = _numbers_near_0(content.numbers(count, "<u8"))
    written = _numbers_near_0(content.numbers(count, "<u8"))
    has_delay = delay_us != _NO_DELAY
    delay_us[~has_delay] = 0
    waited_us = over_us + delay_us
    for times_us, last_s in ((ended_us, _LAST_S), (waited_us, _LONGEST_S), (delay_us, _LONGEST_S)):
        if times_us.min() < 0 or times_us.max() > last_s * _US:
            raise BlockError("A time is absurd.")
    delay_s = np.where(has_delay, delay_us / _US, np.nan)
    rows.ended_s = array("d", (ended_us / _US).tobytes())
    rows.waited_s = array("d", (waited_us / _US).tobytes())
    rows.delay_s = array("d", delay_s.tobytes())
    rows.bytes_written = array("q", written.tobytes())
    rows.had_query = array("B", content.take(count))
    content.end()
    return rows


class _Content:
    """The bytes of a block, which are taken one part after the other."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    def take(self, size: int) -> bytes:
        part = self._content[self._place : self._place + size]
        if len(part) < size:
            raise BlockError("It is cut.")
        self._place += size
        return part

    def numbers(self, count: int, kind: str) -> NDArray[Any]:
        import numpy as np

        width = np.dtype(kind).itemsize
        planes = np.frombuffer(self.take(count * width), np.uint8).reshape(width, count)
        return np.ascontiguousarray(planes.T).view(kind).reshape(count)

    def end(self) -> None:
        if self._place != len(self._content):
            raise BlockError("It is too long.")


def _decompressed(block: bytes) -> bytes:
    decompressor = zlib.decompressobj()
    try:
        content = decompressor.decompress(block, MOST_BYTES)
    except zlib.error as error:
        raise BlockError(str(error)) from error
    if not decompressor.eof or decompressor.unused_data:
        raise BlockError("It is cut, or too long.")
    return content


def _texts(content: bytes, most: int) -> list[str]:
    try:
        texts = content.decode().split(_END.decode())
    except UnicodeDecodeError as error:
        raise BlockError(str(error)) from error
    if texts.pop() or len(texts) > most or len(content) > 4 * MOST_CHARACTERS + _MOST_IN_TEXT:
        raise BlockError("There are too many texts.")
    if max(map(len, texts), default=0) > _MOST_IN_TEXT:
        raise BlockError("A text is too long.")
    return [*map(sys.intern, texts)]


def _microseconds(time_s: float, last_s: float, none: int = 0) -> int:
    """Return seconds as microseconds, from 0 to `last_s`; `none` if it is no number."""
    if 0 <= time_s <= last_s:
        return int(time_s * _US + 0.5)
    return none if time_s != time_s else int(last_s * _US) if time_s > 0 else 0


def _planes(numbers: array[int]) -> bytes:
    """Return numbers as bytes: first the lowest byte of each, then the next."""
    if sys.byteorder == "big":
        numbers.byteswap()
    content, width = numbers.tobytes(), numbers.itemsize
    return b"".join(content[place::width] for place in range(width))


def _numbers_near_0(numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    import numpy as np

    numbers = numbers.astype(np.uint64)
    return (numbers >> np.uint64(1)).view(np.int64) ^ -(numbers & np.uint64(1)).view(np.int64)
