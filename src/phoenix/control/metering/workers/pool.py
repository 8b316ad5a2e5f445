"""Worker processes that decode and measure, so that no body holds up the event loop, and none can end the meter.

Each worker has one body at a time: when it ends or hangs, it is known over which.
"""

import asyncio
import contextlib
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from typing import Any, Final

from phoenix.control.metering.errors import BodyUnreadableError, MeterBusyError
from phoenix.control.metering.workers.process import frame
from phoenix.telemetry.errors import TelemetryInvalidError

_LENGTH_BYTES: Final = 8
_START_SECONDS: Final = 300.0
_STOP_SECONDS: Final = 2.0
_TRIES: Final = 2
_RESTART_SECONDS: Final = 1.0


class Workers:
    """A fixed number of workers, started again when they end.

    Args:
        count: how many.
        key: of the series hashes.
        body_seconds: how long one body may take.
    """

    def __init__(self, count: int, key: bytes, *, body_seconds: float) -> None:
        self._key, self._body_seconds = key, body_seconds
        self._count = count
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._all: set[_Worker] = set()
        self._restarts: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.lost = 0

    async def start(self) -> None:
        """Start the workers; returns once the first is ready, since the others find the kernels compiled by then.

        Raises:
            MeterBusyError: it did not become ready.
        """
        await self._add()
        for _ in range(self._count - 1):
            self._restart(0.0)

    async def stop(self) -> None:
        """End every worker. Safe to call twice."""
        self._stopping = True
        for task in list(self._restarts):
            task.cancel()
        await asyncio.gather(*self._restarts, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in list(self._all)))
        self._all.clear()

    async def call(self, name: str, *arguments: object) -> Any:
        """Return what a worker answers.

        Raises:
            TelemetryInvalidError: the body is not OTLP metrics, or too much.
            BodyUnreadableError: workers ended or hung over it, twice.
            MeterBusyError: the workers are being stopped.
        """
        for _ in range(_TRIES):
            worker = await self._idle.get()
            if self._stopping:
                self._idle.put_nowait(worker)
                raise MeterBusyError("the meter is stopping")
            try:
                fine, answer = await worker.call((name, arguments), self._body_seconds)
            except _WorkerLostError:
                self.lost += 1
                self._all.discard(worker)
                self._restart(0.0)
                continue
            except asyncio.CancelledError:
                # Its answer would be taken for the next body's.
                self._all.discard(worker)
                await worker.kill()
                self._restart(0.0)
                raise
            self._idle.put_nowait(worker)
            if fine:
                return answer
            raise TelemetryInvalidError(answer)
        raise BodyUnreadableError(f"a body ended or hung {_TRIES} processes that read it")

    def processes(self) -> list[int]:
        """Return the ids of the processes that run."""
        return sorted(worker.process.pid for worker in self._all)

    async def _add(self) -> None:
        worker = await _Worker.started(self._key)
        self._all.add(worker)
        self._idle.put_nowait(worker)

    def _restart(self, delay: float) -> None:
        if not self._stopping:
            task = asyncio.create_task(self._restarting(delay), name="meter worker restart")
            self._restarts.add(task)
            task.add_done_callback(self._restarts.discard)

    async def _restarting(self, delay: float) -> None:
        while not self._stopping:
            await asyncio.sleep(delay)
            try:
                await self._add()
            except (MeterBusyError, OSError):
                # No memory or no processes left: later there may be.
                delay = min(30.0, max(_RESTART_SECONDS, 2 * delay))
            else:
                return


class _WorkerLostError(Exception):
    """A worker ended, or had to be ended."""


class _Worker:
    def __init__(self, process: Process) -> None:
        self.process = process

    @classmethod
    async def started(cls, key: bytes) -> "_Worker":
        process = await asyncio.create_subprocess_exec(
            # -P: the folder that the server was started in is no place for modules.
            *(sys.executable, "-P", "-m", "phoenix.control.metering.workers.process"),
            stdin=PIPE,
            stdout=PIPE,
            env=dict(os.environ),
        )
        worker = cls(process)
        try:
            await worker._ask(frame(key), _START_SECONDS)
        except _WorkerLostError as error:
            raise MeterBusyError("a worker process of the meter did not start") from error
        except BaseException:
            await worker.kill()
            raise
        return worker

    async def call(self, job: object, seconds: float) -> tuple[bool, Any]:
        answer: tuple[bool, Any] = await self._ask(frame(job), seconds)
        return answer

    async def _ask(self, request: bytes, seconds: float) -> Any:
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None and stdout is not None  # noqa: S101, PT018 - both are pipes
        try:
            async with asyncio.timeout(seconds):
                stdin.write(request)
                await stdin.drain()
                length = int.from_bytes(await stdout.readexactly(_LENGTH_BYTES), "big")
                return pickle.loads(await stdout.readexactly(length))  # noqa: S301 - from a process of ours
        except (TimeoutError, asyncio.IncompleteReadError, OSError) as error:
            await self.kill()
            raise _WorkerLostError from error

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self.process.wait()
        except TimeoutError:
            await self.kill()
