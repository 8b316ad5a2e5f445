"""Interned values of one level: what a node or a point's attributes say, looked at once however many rows share it.

Rows of a pool are only ever added, so numbers given out stay good for every frame that shares the pool. Reading decodes
a row when it is first asked for. Two rows may say the same when one came from the capture in other bytes, or when one
was promised.
"""

from collections.abc import Callable
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
        self._promises: list[tuple[int, int, Callable[[int], T]]] = []

    def __len__(self) -> int:
        return len(self._bytes)

    def __getitem__(self, row: int) -> T:
        held = self._objects[row]
        if held is None:
            written = self._bytes[row]
            made = self._promised(row) if written is None else self._read(written)
            held = self._objects[row] = made
        return held

    def written(self, row: int) -> bytes:
        """Return the bytes of a row."""
        held = self._bytes[row]
        if held is None:
            held = self._bytes[row] = self._write(self[row])
        return held

    def promise(self, count: int, make: Callable[[int], T]) -> int:
        """Add rows that are made when they are first looked at; many never are.

        Args:
            count: how many.
            make: returns the value of the first of them for 0, and so on.

        Returns:
            the first of them.
        """
        first = len(self._bytes)
        self._bytes.extend([None] * count)
        self._objects.extend([None] * count)
        self._promises.append((first, first + count, make))
        return first

    def add(self, value: T) -> int:
        """Return the row of a value; a new one when no row has its bytes."""
        written = self._write(value)
        self._index()
        row = self._known.get(written)
        if row is None:
            row = self._known[written] = len(self._bytes)
            self._bytes.append(written)
            self._objects.append(value)
            self._indexed = len(self._bytes)
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

    def _changed(self, row: int, change: Callable[[T], T]) -> int:
        before = self[row]
        after = change(before)
        return row if after is before else self.add(after)

    def _promised(self, row: int) -> T:
        first, make = next((first, make) for first, end, make in reversed(self._promises) if first <= row < end)
        return make(row - first)

    def _index(self) -> None:
        # Promised rows are never looked up: that would make them.
        for first, end, _ in [*self._promises, (len(self._bytes), len(self._bytes), None)]:
            for row in range(self._indexed, first):
                self._known.setdefault(self.written(row), row)
            self._indexed = max(self._indexed, end)
