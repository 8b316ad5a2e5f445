"""Windows of two arms and a collector's reports, made from a few plain numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from phoenix.collector.compose.model import Arm
from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ProcessorCounts, ReceiverCounts
from phoenix.core.ids import HostId
from phoenix.decide.arms.model import Boundary, HostStreams, PairedWindow, PairingPlan
from phoenix.telemetry.window.model import MetricPart, ProcessPart, SeriesSet, WindowMeasure

SECOND = 1_000_000_000
WIDTH = 15 * SECOND
NOON = 1_700_000_010 * SECOND  # a multiple of the width
HOST = HostId("host-a")
TO_BASELINE, TO_CANDIDATE = "otlp_http/phoenix_baseline", "otlp_http/phoenix_candidate"
FILTER = "filter/phoenix_candidate"
RECEIVER, PRODUCTION = "host_metrics", "otlp_http/production"
BOUNDARY = Boundary((RECEIVER,), FILTER)
PLAN = PairingPlan(
    seconds=15.0,
    warm_up=1,
    exporters={Arm.BASELINE: TO_BASELINE, Arm.CANDIDATE: TO_CANDIDATE},
    processors=(FILTER,),
    boundary=BOUNDARY,
    grace_seconds=30.0,
)


def series(*numbers: int, points: int = 3, value: float = 1.0, truncated: bool = False) -> SeriesSet:
    """Return a set of series, each with as many points of one value."""
    hashes = np.array(sorted(set(numbers)), np.uint64)
    return SeriesSet(
        hashes, np.full(len(hashes), points, np.int64), np.full(len(hashes), points * value), truncated=truncated
    )


def window(
    number: int,
    *numbers: int,
    points: int = 3,
    value: float = 1.0,
    total: float = 0.0,
    critical: Mapping[str, int] | None = None,
    corruption: Mapping[str, int] | None = None,
    gap: str = "",
) -> WindowMeasure:
    """Return window `number` after noon with series of these numbers, three scrapes each."""
    start = NOON + number * WIDTH
    found = series(*numbers, points=points, value=value)
    count = len(found.hashes)
    return WindowMeasure(
        start=start,
        seconds=15.0,
        requests=3,
        scrapes=3,
        first_time=start,
        last_time=start + 10 * SECOND,
        points=count * points,
        otlp_bytes=count * points * 50,
        json_bytes=count * points * 200,
        series=found,
        metrics={
            "process.cpu.time": MetricPart(count, count * points, count * points * 50, count * points * 200, total)
        },
        processes={"nginx": ProcessPart(1, count)},
        critical=critical or {},
        corruption=corruption or {},
        gap=gap,
    )


def pair(number: int, baseline: WindowMeasure, candidate: WindowMeasure, host: HostId = HOST) -> PairedWindow:
    """Return a pair of windows as pairing makes it."""
    return PairedWindow(host, NOON + number * WIDTH, baseline, candidate, "both arrived")


def reading(
    seconds: float,
    *,
    started: float = 0.0,
    points: int = 100,
    out: int = 50,
    failed: int = 0,
    queue: int = 0,
    waiting: int = 0,
    worked: float | None = None,
    memory: int = 130_000_000,
    revision: str = "rev-1",
) -> OwnReading:
    """Return the report `seconds` after noon of a service that started `started` seconds after noon.

    `points` came in and `out` left the candidate's filter by then; all of it is sent but what `failed`;
    `waiting` more wait at the boundary.
    """
    spent = 0.001 * points if worked is None else worked
    return OwnReading(
        time=NOON + round(seconds * SECOND),
        revision=revision,
        instance="one",
        uptime_seconds=seconds - started,
        cpu_seconds=0.1 * (seconds - started),
        memory_bytes=memory,
        receivers={RECEIVER: ReceiverCounts(accepted=points + waiting)},
        exporters={
            TO_BASELINE: ExporterCounts(sent=points, queue_capacity=1000),
            TO_CANDIDATE: ExporterCounts(sent=out - failed, send_failed=failed, queue_size=queue, queue_capacity=1000),
            PRODUCTION: ExporterCounts(sent=points, queue_capacity=1000),
        },
        processors={
            FILTER: ProcessorCounts(incoming=points, outgoing=out, seconds=spent),
        },
    )


def steady_readings(until: float, *, every: float = 10.0, out_share: float = 0.5) -> list[OwnReading]:
    """Return reports from the start on, a hundred points in between two of them."""
    count = round(until / every) + 1
    return [reading(n * every, points=100 * n, out=round(100 * n * out_share)) for n in range(count)]


def streams(
    baseline: Iterable[WindowMeasure],
    candidate: Iterable[WindowMeasure],
    readings: Sequence[OwnReading],
    *,
    host: HostId = HOST,
    until: int | None = None,
    candidate_until: int | None = -1,
) -> HostStreams:
    """Return one host's streams, complete until the end of window `until` (of the baseline's last by default)."""
    sides = {
        Arm.BASELINE: {it.start: it for it in baseline},
        Arm.CANDIDATE: {it.start: it for it in candidate},
    }
    end = max(sides[Arm.BASELINE], default=NOON) + WIDTH if until is None else NOON + (until + 1) * WIDTH
    behind = end if candidate_until == -1 else None if candidate_until is None else NOON + (candidate_until + 1) * WIDTH
    return HostStreams(host, sides, {Arm.BASELINE: end, Arm.CANDIDATE: behind}, readings)


def with_receiver(own: OwnReading, counts: ReceiverCounts) -> OwnReading:
    """Return the report with other counts of the receiver."""
    return replace(own, receivers={RECEIVER: counts})


def with_production(own: OwnReading, counts: ExporterCounts) -> OwnReading:
    """Return the report with other counts of the production exporter."""
    return replace(own, exporters={**own.exporters, PRODUCTION: counts})
