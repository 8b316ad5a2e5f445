"""Record this host: what a real collector sees of it in a while, as a capture. Called by the CLI and `phoenix run`."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from phoenix.collector.binary.find import Collector
from phoenix.collector.catalogue.source import RECEIVER, receivers
from phoenix.collector.record.errors import NothingRecordedError, RecordingGarbledError
from phoenix.collector.record.process import Request
from phoenix.collector.record.readability import ProcessReadability, readability
from phoenix.collector.record.scraping import RecordingProgress, expected_scrapes, scrape
from phoenix.telemetry.capture import Capture, Origin
from phoenix.telemetry.codec import decode
from phoenix.telemetry.errors import TelemetryInvalidError
from phoenix.telemetry.masking import mask_command_lines

DEFAULT_INTERVAL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Recording:
    """A capture of this host, and how much of the host is in it.

    Attributes:
        capture: one batch a scrape. The first scrape has no `process.cpu.utilization`, which takes two; it is kept,
            since a collector that starts sends the same.
        readability: what the collector could read of the processes here, looked at before the first scrape.
        expected_scrapes: how many batches there are when the collector keeps up with the interval.
    """

    capture: Capture
    readability: ProcessReadability
    expected_scrapes: int


def record(
    collector: Collector,
    *,
    seconds: float,
    interval_seconds: float = DEFAULT_INTERVAL_SECONDS,
    receiver: Mapping[str, Any] | None = None,
    mask: bool = True,
    progress: Callable[[RecordingProgress], None] | None = None,
) -> Recording:
    """Return what a collector sees of this host in `seconds`: a scrape at once and one every interval.

    Args:
        collector: what to record with, from `find_collector`; it runs as this user.
        seconds: length; `seconds / interval_seconds` scrapes are made.
        interval_seconds: between scrapes.
        receiver: the body of the `host_metrics` receiver, whose interval and first delay are set here; None means the
            one that every pipeline of the catalogue shares.
        mask: hide the arguments in command lines, should the receiver ask for these.
        progress: called a few times a second.

    Raises:
        RecordingTimeInvalidError: length or interval out of range.
        RecordingFailedError: the collector ended by itself; the message says why.
        NothingRecordedError: no scrape in time, or scrapes without a point.
        RecordingGarbledError: the collector wrote something else than requests.
    """
    scrapes = expected_scrapes(seconds, interval_seconds)
    readable = readability()
    origin = Origin(
        host=socket.gethostname(),
        recorded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        collector_version=collector.version,
        interval_seconds=float(interval_seconds),
        notes={"processes": readable.explanation},
    )
    body = receivers(interval_seconds)[RECEIVER] if receiver is None else receiver
    requests, said = scrape(collector.path, body, scrapes=scrapes, interval_seconds=interval_seconds, progress=progress)
    capture = _capture(requests, origin)
    if not len(capture.points):
        raise NothingRecordedError(
            f"{len(requests)} scrapes without a point{f'; the collector says: {said}' * bool(said)}"
        )
    return Recording(mask_command_lines(capture) if mask else capture, readable, scrapes)


def _capture(requests: list[Request], origin: Origin) -> Capture:
    bodies = [request.body for request in requests]
    try:
        return decode(bodies, received_at=[request.received for request in requests], origin=origin)
    except TelemetryInvalidError as error:
        raise RecordingGarbledError(f"what the collector wrote is no metrics: {error.message}") from error
