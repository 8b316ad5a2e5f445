"""Interned values of one level: what a node or a point's attributes say, looked at once however many rows share it.

Rows of a pool are only ever added, so numbers given out stay good for every frame that shares the pool. Reading decodes
a row when it is first asked for. Two rows may say the same when one came from the capture in other bytes.
"""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from phoenix.telemetry.buffers import values_list

T = TypeVar("T")


class Pool(Generic[T]):
    """Distinct values, as bytes and as objects.

    Args:
        values: the bytes of the first rows, as in a capture.
        read: bytes to object; exact, so that `write(read(b))` says what `b` says to a collector.
        write: object to bytes.
    """

    def __init__(self, values: pa.BinaryArray, read: Callable[[bytes], T], write: Callable[[T], bytes]) -> None:
        self._bytes: list[bytes | None] = list(values_list(values))
        self._objects: list[T | None] = [None] * len(self._bytes)
        self._read, self._write = read, write
        self._known: dict[bytes, int] = {}
        self._indexed = 0

    def __len__(self) -> int:
        return len(self._bytes)

    def __getitem__(self, row: int) -> T:
        held = self._objects[row]
        if held is None:
            held = self._objects[row] = self._read(self.written(row))
        return held

    def written(self, row: int) -> bytes:
        """Return the bytes of a row."""
        held = self._bytes[row]
        if held is None:
            value = self._objects[row]
            assert value is not None  # noqa: S101 a row has its bytes or its object
            held = self._bytes[row] = self._write(value)
        return held

    def add(self, value: T) -> int:
        """Return the row of a value; a new one when no row has its bytes."""
        written = self._write(value)
        self._index()
        row = self._known.get(written)
        if row is None:
            row = self._known[written] = len(self._bytes)
            self._bytes.append(written)
            self._objects.append(value)
            self._indexed += 1
        return row

    def change(self, rows: NDArray[np.integer], change: Callable[[T], T]) -> NDArray[np.int32]:
        """Return int32: the rows of what `change` makes of each of `rows`, worked out once per distinct row."""
        # A mark for each row of the pool costs a tenth of sorting the rows, which may be millions.
        used = np.zeros(len(self), dtype=np.bool_)
        used[rows] = True
        table = np.zeros(len(self), dtype=np.int32)
        for row in np.flatnonzero(used).tolist():
            table[row] = self._changed(row, change)
        changed: NDArray[np.int32] = table[rows]
        return changed

    def array(self) -> pa.BinaryArray:
        """Return the bytes of all rows, as a capture holds them."""
        return pa.array([self.written(row) for row in range(len(self))], type=pa.binary())

    def all(self) -> Iterable[T]:
        """Yield every row as an object."""
        return (self[row] for row in range(len(self)))

    def _changed(self, row: int, change: Callable[[T], T]) -> int:
        before = self[row]
        after = change(before)
        return row if after is before else self.add(after)

    def _index(self) -> None:
        for row in range(self._indexed, len(self._bytes)):
            self._known.setdefault(self.written(row), row)
        self._indexed = len(self._bytes)
