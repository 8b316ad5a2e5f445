"""Finishing closed windows, one after the other and off the event loop, with what streams carry between windows."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import structlog

from phoenix.control.metering.model import StreamKey
from phoenix.control.metering.stored.encoding import empty_measure
from phoenix.control.metering.stored.writing import ClosedWindow, LateMark
from phoenix.control.metering.stream import Closing
from phoenix.telemetry.window import Carry, WindowPlan, finish

UNFINISHED = "it could not be measured: an error of the meter, which its log tells"

_DRAIN_SECONDS: Final = 30.0

_log = structlog.get_logger("phoenix.metering")


@dataclass(frozen=True, slots=True)
class _Job:
    key: StreamKey
    plan: WindowPlan
    closing: Closing


class Closer:
    """A queue of closed windows in front of the write-behind.

    Args:
        put: takes a finished window, and what came for it after it was closed.
    """

    def __init__(self, put: Callable[[ClosedWindow | LateMark], None]) -> None:
        self._put = put
        self._jobs: asyncio.Queue[_Job | LateMark | StreamKey] = asyncio.Queue()
        self._carries: dict[StreamKey, Carry] = {}
        self.rows = 0

    def close(self, key: StreamKey, plan: WindowPlan, closing: Closing) -> None:
        """Queue a window; those of one stream must come in the order of their start."""
        self.rows += len(closing.part)
        self._jobs.put_nowait(_Job(key, plan, closing))

    def late(self, mark: LateMark) -> None:
        """Queue a mark behind the window that it is for: before its row there would be nothing to mark."""
        self._jobs.put_nowait(mark)

    def forget(self, key: StreamKey) -> None:
        """Forget what a stream carries, once its queued windows are finished."""
        self._jobs.put_nowait(key)

    async def run(self) -> None:
        """Finish windows until cancelled."""
        while True:
            job = await self._jobs.get()
            try:
                if isinstance(job, _Job):
                    await self._finish(job)
                elif isinstance(job, LateMark):
                    self._put(job)
                else:
                    self._carries.pop(job, None)
            finally:
                self._jobs.task_done()

    async def drain(self) -> None:
        """Wait until every queued window is finished; `run` must be running."""
        async with asyncio.timeout(_DRAIN_SECONDS):
            await self._jobs.join()

    async def _finish(self, job: _Job) -> None:
        closing = job.closing
        carry = Carry() if closing.begins_run else self._carries.get(job.key, Carry())
        try:
            measure, self._carries[job.key] = await asyncio.to_thread(finish, closing.part, job.plan, carry)
            measure = replace(measure, gap=closing.gap)
        except Exception as error:  # noqa: BLE001 - one window's trouble must not end the meter
            # What comes next must not count what this one held.
            self._carries.pop(job.key, None)
            _log.exception("a window could not be measured", stream=job.key, error=repr(error))
            gap = f"{closing.gap}; {UNFINISHED}" if closing.gap else UNFINISHED
            measure = empty_measure(closing.part.start, job.plan.seconds, gap)
        self.rows -= len(closing.part)
        self._put(ClosedWindow(job.key, closing.run, measure))
