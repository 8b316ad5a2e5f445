"""A worker process: reads bodies from its input, answers with what it measured. Started by `pool.Workers`.

Frames both ways: eight bytes of length, then a pickle; both ends are ours. It ends when its input does, so none is left
behind when the meter's process is killed.
"""

import pickle
import signal
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.collector.own_metrics.reading import read_own_metrics
from phoenix.core.errors import InvalidError
from phoenix.telemetry.codec import decode
from phoenix.telemetry.window import Labels, Measured, WindowPlan, measure_windows

if TYPE_CHECKING:
    from collections.abc import Callable

_LENGTH_BYTES = 8
# One point of each kind of column, so that every kernel is compiled before a body waits for it.
_SMALL = bytes.fromhex("0a2d0a0a0a080a016112030a0162121f121d0a01783a180a1219010000000000000031010000000000000010021801")


class Bench:
    """What a worker works with: it lives as long as the process."""

    def __init__(self, key: bytes) -> None:
        self._labels = Labels(key)

    def measure(self, body: bytes, plan: WindowPlan, max_rows: int) -> Measured:
        """Return the parts of windows that a body holds.

        Raises:
            InvalidError: it is not OTLP metrics, or too much.
        """
        return measure_windows(decode([body], max_rows=max_rows), plan, self._labels)

    def own(self, body: bytes, max_rows: int) -> tuple[OwnReading, ...]:
        """Return the readings in a collector's report of itself.

        Raises:
            InvalidError: it is not OTLP metrics, or too much.
        """
        return read_own_metrics(decode([body], max_rows=max_rows))


def read_frame(stream: BinaryIO) -> Any:
    """Return the next frame's object.

    Raises:
        EOFError: there is none.
    """
    head = stream.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        raise EOFError
    return pickle.loads(stream.read(int.from_bytes(head, "big")))  # noqa: S301 - from the process that started us


def frame(said: Any) -> bytes:
    """Return an object as a frame."""
    pickled = pickle.dumps(said, protocol=5)
    return len(pickled).to_bytes(_LENGTH_BYTES, "big") + pickled


def main() -> None:
    """Answer until the input ends: (True, result) or (False, the error in words)."""
    # Ctrl-C is for the meter, which ends us by closing our input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    bench = Bench(read_frame(stdin))
    calls: dict[str, Callable[..., Any]] = {"measure": bench.measure, "own": bench.own}
    bench.measure(_SMALL, WindowPlan(60.0), 10)
    stdout.write(frame((True, None)))
    stdout.flush()
    while True:
        try:
            name, arguments = read_frame(stdin)
        except EOFError:
            return
        try:
            answer = True, calls[name](*arguments)
        except InvalidError as error:
            answer = False, error.message
        try:
            stdout.write(frame(answer))
            stdout.flush()
        except BrokenPipeError:
            return


if __name__ == "__main__":
    main()
