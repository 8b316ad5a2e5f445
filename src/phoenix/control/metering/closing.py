"""Finishing closed windows, one after the other and off the event loop, with what streams carry between windows."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from phoenix.control.metering.model import StreamKey
from phoenix.control.metering.stored.writing import ClosedWindow
from phoenix.control.metering.stream import Closing
from phoenix.telemetry.window import Carry, WindowPlan, finish

_DRAIN_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class _Job:
    key: StreamKey
    plan: WindowPlan
    closing: Closing


class Closer:
    """A queue of closed windows in front of the write-behind.

    Args:
        put: takes a finished window.
    """

    def __init__(self, put: Callable[[ClosedWindow], None]) -> None:
        self._put = put
        self._jobs: asyncio.Queue[_Job | StreamKey] = asyncio.Queue()
        self._carries: dict[StreamKey, Carry] = {}
        self.rows = 0

    def close(self, key: StreamKey, plan: WindowPlan, closing: Closing) -> None:
        """Queue a window; those of one stream must come in the order of their start."""
        self.rows += len(closing.part)
        self._jobs.put_nowait(_Job(key, plan, closing))

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
        measure, self._carries[job.key] = await asyncio.to_thread(finish, closing.part, job.plan, carry)
        self.rows -= len(closing.part)
        self._put(ClosedWindow(job.key, closing.run, replace(measure, gap=closing.gap)))
