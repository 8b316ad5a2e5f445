"""Interned values between Arrow, which keeps them, and numpy, which kernels and vectorised code read."""

from typing import SupportsIndex, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

# pa.BinaryArray counts its bytes in int32.
MAX_VALUE_BYTES = 2**31 - 1


def binary_array(offsets: NDArray[np.int32], data: NDArray[np.uint8]) -> pa.BinaryArray:
    """Return the Arrow array whose value i is `data[offsets[i]:offsets[i + 1]]`; shares both."""
    # The stubs do not know that numpy arrays are buffers.
    buffers = [None, pa.py_buffer(cast("bytes", offsets)), pa.py_buffer(cast("bytes", data))]
    return cast("pa.BinaryArray", pa.Array.from_buffers(pa.binary(), len(offsets) - 1, buffers))


def binary_parts(values: pa.BinaryArray) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Return (data, offsets) of the values, read-only: value i is `data[offsets[i]:offsets[i + 1]]`."""
    _, offsets, data = values.buffers()
    counted, held = np.zeros(1, dtype=np.int32), np.empty(0, dtype=np.uint8)
    if len(values) and offsets is not None:
        counted = np.frombuffer(cast("bytes", offsets), dtype=np.int32)[values.offset : values.offset + len(values) + 1]
    if data is not None and data.size:
        held = np.frombuffer(cast("bytes", data), dtype=np.uint8)
    held.flags.writeable = counted.flags.writeable = False
    return held, counted


def values_list(values: pa.BinaryArray) -> list[bytes]:
    """Return the values as Python's bytes."""
    return cast("list[bytes]", values.to_pylist())


def value_at(values: pa.BinaryArray, row: SupportsIndex) -> bytes:
    """Return one value as Python's bytes."""
    return values[int(row)].as_py()
