"""The batch processor of 0.160: it decides which requests later processors see together, by the replay's clock.

A replay has no metadata, so one batcher does all the work: it starts with the collector, or with the first request when
`metadata_keys` are given. What does not fit into the one batch that is sent when it stops is lost, as in the collector.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Int32s, Level, NodeTable
from phoenix.engine.processors.batching.spreading import Batches, spread
from phoenix.engine.processors.registry import Pass, ProcessorConfig
from phoenix.engine.processors.settings import Settings
from phoenix.engine.reshaping.origins import taken
from phoenix.engine.tree import points_by_request

_KEYS: Final = ("timeout", "send_batch_size", "send_batch_max_size", "metadata_keys", "metadata_cardinality_limit")
_TIMEOUT_NS: Final = 200 * 10**6
_SIZE: Final = 8192


def build(config: ProcessorConfig) -> Pass:
    """Return the pass; nodes and points are copied only where a batch is cut.

    Raises:
        ConfigRefusedError: the collector would not start.
    """
    settings = Settings.of(config, *_KEYS)
    timeout, size = settings.duration("timeout", _TIMEOUT_NS), settings.uint32("send_batch_size", _SIZE)
    most, has_keys = _check(settings, timeout, size)
    timeout = timeout if size else 0

    def run(frame: Frame) -> Frame:
        from phoenix.engine.kernels.batch_sending_kernel import Requests, Rule, play  # noqa: PLC0415 numba is slow to import

        brought = points_by_request(frame)
        began = int(frame.arrivals[0]) if has_keys and len(frame.arrivals) else config.start
        sends = play(Requests(frame.arrivals, brought, began, config.end), Rule(timeout, size, most))
        batches = Batches(np.cumsum(sends.points), sends.request, sends.time)
        if len(batches.end) and (np.cumsum(brought)[batches.request] == batches.end).all():
            return _whole(frame, brought, batches)
        alive = frame.alive(Level.POINT)
        points = np.arange(len(frame.points)) if alive is None else np.flatnonzero(alive)
        tables, metric = spread(frame, points, batches)
        return _sent(frame, points[: len(metric)], tables, metric).with_(arrivals=batches.time)

    return run


def _check(settings: Settings, timeout: int, size: int) -> tuple[int, bool]:
    most, keys = settings.uint32("send_batch_max_size"), settings.strings("metadata_keys")
    settings.uint32("metadata_cardinality_limit")
    if 0 < most < size:
        settings.refuse("send_batch_max_size must be greater or equal to send_batch_size", "send_batch_max_size")
    if len({key.lower() for key in keys}) < len(keys):
        settings.refuse("metadata_keys has an entry twice (in letters of any case)", "metadata_keys")
    if timeout < 0:
        settings.refuse("timeout must be greater or equal to 0", "timeout")
    return most, bool(keys)


def _whole(frame: Frame, brought: NDArray[np.int64], batches: Batches) -> Frame:
    # No batch is cut, so requests only have others around them; one without points is forgotten, with all its nodes.
    request = frame.resources.parent
    batch = np.searchsorted(batches.request, np.arange(len(brought))).astype(np.int32)
    resources = replace(frame.resources, parent=np.minimum(batch, len(batches.time) - 1)[request])
    sent = frame.with_(resources=resources, arrivals=batches.time)
    gone = brought[request] == 0
    return sent.dropping(Level.RESOURCE, gone) if gone.any() else sent


def _sent(frame: Frame, points: NDArray[np.int64], tables: list[NodeTable], metric: Int32s) -> Frame:
    resources, scopes, metrics = tables
    whole = len(points) == len(frame.points)
    return frame.with_(
        resources=resources,
        scopes=scopes,
        metrics=metrics,
        points=replace(frame.points, metric=metric) if whole else frame.points.take(points, metric),
        dropped={},
        lineage=frame.lineage if whole else taken(frame.lineage, points),
    )
