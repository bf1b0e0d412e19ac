"""Ended requests as a block of bytes of a history, and back.

A block is compressed, and has all that its rows need. It is checked when it is read: whatever its
bytes are, it is either rows that make sense, or none. Times are kept in microseconds, as
differences. The bytes of numbers are sorted by their weight: those that hardly change take no room.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from typing import TYPE_CHECKING, Any, Final

from monitorapp.core.request.columns import LONGEST_TEXT, MOST_ROWS, TEXTS, EndColumns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_BYTES: Final = 24_000_000
"""Bytes of a block at most, once it is decompressed: all that `EndColumns` can have."""

_FORMAT: Final = 1
_HEAD: Final = struct.Struct("<BI5I")
"""The format, how many rows, and how many bytes the texts of each kind take, with their ends."""

_END: Final = b"\0"  # in no text, for all are visible
_LEVEL: Final = 6
_US: Final = 1e6
_LAST_S: Final = 2.0**37  # in the year 6325
_LONGEST_S: Final = 2.0**30  # 34 years
_MOST_CHARACTERS: Final = LONGEST_TEXT + 100


class BlockError(ValueError):
    """Some bytes are no block."""


def packed(rows: EndColumns) -> bytes:
    """Return rows, of which there are some, as a block; times that make no sense are changed."""
    import numpy as np

    texts, codes = [], []
    for name in TEXTS:
        used, places = np.unique(np.frombuffer(rows.codes[name], np.uint16), return_inverse=True)
        of_rows = rows.texts[name]
        encoded = (of_rows[code].encode("utf-8", "replace") for code in used.tolist())
        texts.append(b"".join(text.replace(_END, b"?") + _END for text in encoded))
        codes.append(places)
    delay_us = _microseconds(rows.delay_s, _LONGEST_S)
    waited_us = _microseconds(rows.waited_s, _LONGEST_S)
    has_delay = ~np.isnan(np.frombuffer(rows.delay_s))
    parts = [
        _HEAD.pack(_FORMAT, len(rows), *map(len, texts)),
        *texts,
        *(_planes(of.astype("<u2")) for of in codes),
        _planes(_zigzag(np.diff(_microseconds(rows.ended_s, _LAST_S), prepend=0))),
        # What was answered waited little more than its delay.
        _planes(_zigzag(waited_us - np.where(has_delay, delay_us, 0))),
        _planes(np.where(has_delay, _zigzag(delay_us) + np.uint64(1), np.uint64(0))),
        _planes(_zigzag(np.frombuffer(rows.bytes_written, np.int64))),
        rows.flags.tobytes(),
    ]
    return zlib.compress(b"".join(parts), _LEVEL)


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
        rows.texts[name] = _texts(content.take(size))
    for name in TEXTS:
        codes = content.numbers(count, "<u2")
        if int(codes.max()) >= len(rows.texts[name]):
            raise BlockError("A row has a text that is not there.")
        rows.codes[name] = array("H", codes.astype(np.uint16).tobytes())
    ended_us = _unzigzag(content.numbers(count, "<u8")).cumsum()
    over_us = _unzigzag(content.numbers(count, "<u8"))
    delay = content.numbers(count, "<u8")
    delay_us = np.where(delay == 0, 0, _unzigzag(delay - np.uint64(1)))
    written = _unzigzag(content.numbers(count, "<u8"))
    waited_us = over_us + delay_us
    for times_us, last_s in ((ended_us, _LAST_S), (waited_us, _LONGEST_S), (delay_us, _LONGEST_S)):
        if times_us.min() < 0 or times_us.max() > last_s * _US:
            raise BlockError("A time is absurd.")
    delay_s = np.where(delay == 0, np.nan, delay_us / _US)
    rows.ended_s = array("d", (ended_us / _US).tobytes())
    rows.waited_s = array("d", (waited_us / _US).tobytes())
    rows.delay_s = array("d", delay_s.tobytes())
    rows.bytes_written = array("q", written.tobytes())
    rows.flags = array("B", content.take(count))
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


def _texts(content: bytes) -> list[str]:
    try:
        texts = content.decode().split(_END.decode())
    except UnicodeDecodeError as error:
        raise BlockError(str(error)) from error
    if texts.pop() or len(texts) > MOST_ROWS + 1:
        raise BlockError("There are too many texts.")
    if max(map(len, texts), default=0) > _MOST_CHARACTERS:
        raise BlockError("A text is too long.")
    return texts


def _microseconds(column: array[float], last_s: float) -> NDArray[np.int64]:
    """Return seconds as microseconds, from 0 to `last_s`; a number that is none is 0."""
    import numpy as np

    seconds = np.clip(np.nan_to_num(np.frombuffer(column)), 0, last_s)
    return np.rint(seconds * _US).astype(np.int64)


def _planes(numbers: NDArray[Any]) -> bytes:
    """Return numbers as bytes: first the lowest byte of each, then the next."""
    import numpy as np

    little = np.ascontiguousarray(numbers.astype(numbers.dtype.newbyteorder("<")))
    planes = little.view(np.uint8).reshape(len(numbers), little.itemsize).T
    return planes.tobytes()


def _zigzag(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return numbers as such that are small where those are, with either sign."""
    import numpy as np

    return ((numbers << 1) ^ (numbers >> 63)).view(np.uint64)


def _unzigzag(numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    import numpy as np

    numbers = numbers.astype(np.uint64)
    return (numbers >> np.uint64(1)).view(np.int64) ^ -(numbers & np.uint64(1)).view(np.int64)
