"""Usual lines read fast: the kernel with the memory it works in. `read_lines` asks it first, line by line."""

import numpy as np

from phoenix.telemetry.jsonlines.kernels.frames import MAX_DEPTH, SPARE, Reader
from phoenix.telemetry.jsonlines.kernels.names import NUMBERS, names
from phoenix.telemetry.jsonlines.kernels.numbers import powers_of_ten
from phoenix.telemetry.jsonlines.kernels.request import read_request


class UsualReader:
    """Reads one line after the other in the same memory."""

    def __init__(self) -> None:
        known = names()
        double = np.zeros(1)
        self._reader = Reader(
            data=np.zeros(0, dtype=np.uint8),
            out=np.empty(0, dtype=np.uint8),
            moved=np.empty(0, dtype=np.uint8),
            names=known,
            powers=powers_of_ten(),
            frames=np.zeros((MAX_DEPTH, 8), dtype=np.int64),
            spans=np.zeros((MAX_DEPTH, NUMBERS, 2), dtype=np.int64),
            widths=np.ones(len(known.slots), dtype=np.int64),
            double=double,
            bits=double.view(np.int64),
        )

    def read(self, line: bytes) -> bytes | None:
        """Return the serialized request of a line, or None when the general reader must look.

        Args:
            line: with or without its line feed.
        """
        if not _is_utf8(line):
            return None
        data = np.frombuffer(line if line.endswith(b"\n") else line + b"\n", dtype=np.uint8)
        # Few lines grow in protobuf (lists of short numbers do); what does not fit is left to the general reader.
        room = 2 * len(data) + 4 * SPARE
        if len(self._reader.out) < room:
            out, moved = np.empty((2, room), dtype=np.uint8)
            self._reader = self._reader._replace(out=out, moved=moved)
        reader = self._reader._replace(data=data)
        size = read_request(reader)
        return reader.out[:size].tobytes() if size >= 0 else None


def _is_utf8(line: bytes) -> bool:
    if line.isascii():
        return True
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
