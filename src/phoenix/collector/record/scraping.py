"""Have a collector scrape this host for a while: the requests it makes, before they become a capture."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from phoenix.collector.record.config import recording_config
from phoenix.collector.record.errors import NothingRecordedError, RecordingTimeInvalidError
from phoenix.collector.record.process import RecordingCollector, Request, recording_collector

_SHORTEST_INTERVAL_SECONDS, _LONGEST_INTERVAL_SECONDS = 0.1, 3600.0
_LONGEST_SECONDS = 86_400.0
_FIRST_SCRAPE_TIMEOUT_SECONDS = 60.0
_PROGRESS_EVERY_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class RecordingProgress:
    """How far a recording is.

    Attributes:
        scrapes: seen so far.
        expected_scrapes: in the end.
        elapsed_seconds: since the first scrape; 0 before it.
    """

    scrapes: int
    expected_scrapes: int
    elapsed_seconds: float


def expected_scrapes(seconds: float, interval_seconds: float) -> int:
    """Return how many scrapes a recording is made of.

    >>> expected_scrapes(60, 5)
    12

    Raises:
        RecordingTimeInvalidError: length or interval out of range.
    """
    if not _SHORTEST_INTERVAL_SECONDS <= interval_seconds <= _LONGEST_INTERVAL_SECONDS:
        raise RecordingTimeInvalidError(
            f"an interval of {interval_seconds:g} s is not between {_SHORTEST_INTERVAL_SECONDS:g} s and "
            f"{_LONGEST_INTERVAL_SECONDS:g} s"
        )
    if not interval_seconds <= seconds <= _LONGEST_SECONDS:
        raise RecordingTimeInvalidError(
            f"a length of {seconds:g} s is not between one interval ({interval_seconds:g} s) and {_LONGEST_SECONDS:g} s"
        )
    return round(seconds / interval_seconds)


def scrape(
    binary: Path,
    receiver: Mapping[str, Any],
    *,
    scrapes: int,
    interval_seconds: float,
    progress: Callable[[RecordingProgress], None] | None = None,
) -> tuple[list[Request], str]:
    """Return the requests of `scrapes` scrapes in order, and what the collector said while it made them.

    There are fewer when the collector does not keep up with the interval; the time is not extended for them. Scrapes
    are whole.

    Raises:
        RecordingFailedError: the collector ended by itself; the message says why.
        NothingRecordedError: no scrape in time.
        RecordingGarbledError: the collector wrote something else than requests.
    """
    requests: list[Request] = []
    with recording_collector(
        binary, lambda path: recording_config(receiver, interval_seconds=interval_seconds, path=path)
    ) as collector:
        begin = told = time.monotonic()
        first = None
        while len(requests) < scrapes:
            requests += collector.read(_PROGRESS_EVERY_SECONDS)
            now = time.monotonic()
            if requests:
                first = first or now
            elif now - begin > _FIRST_SCRAPE_TIMEOUT_SECONDS:
                raise NothingRecordedError(f"no scrape within {_FIRST_SCRAPE_TIMEOUT_SECONDS:.0f} s{_said(collector)}")
            elapsed = now - first if first else 0.0
            if progress is not None and (now - told >= _PROGRESS_EVERY_SECONDS or len(requests) == scrapes):
                progress(RecordingProgress(len(requests), scrapes, elapsed))
                told = now
            if elapsed > scrapes * interval_seconds:
                break
        requests += collector.stop()
        return requests, collector.message


def _said(collector: RecordingCollector) -> str:
    return f"; the collector says: {collector.message}" if collector.message else ""
