"""Window measures and own readings as the database keeps them.

A measure is zstd over: the length of a JSON text in four bytes, the text, then the three columns of the series set. The
first byte of the whole is the version.
"""

from dataclasses import asdict, replace
from typing import Any, Final

import numpy as np
import orjson
import zstandard

from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ProcessorCounts, ReceiverCounts
from phoenix.telemetry.window import MetricPart, ProcessPart, SeriesSet, WindowMeasure

_VERSION: Final = b"\x01"
_LENGTH_BYTES: Final = 4
# A set is capped at about a million series of 24 bytes; the rest is names.
_MOST_BYTES: Final = 256 * 2**20


def encode_measure(measure: WindowMeasure) -> bytes:
    """Return the stored form."""
    series = measure.series
    said = {
        "start": measure.start,
        "seconds": measure.seconds,
        "requests": measure.requests,
        "scrapes": measure.scrapes,
        "first_time": measure.first_time,
        "last_time": measure.last_time,
        "points": measure.points,
        "otlp_bytes": measure.otlp_bytes,
        "json_bytes": measure.json_bytes,
        "truncated": series.truncated,
        "count": len(series.hashes),
        "metrics": {name: _fields(part) for name, part in measure.metrics.items()},
        "processes": {name: _fields(part) for name, part in measure.processes.items()},
        "critical": measure.critical,
        "corruption": measure.corruption,
        "gap": measure.gap,
    }
    text = orjson.dumps(said)
    columns = (series.hashes.astype("<u8"), series.points.astype("<i8"), series.values.astype("<f8"))
    whole = b"".join([len(text).to_bytes(_LENGTH_BYTES, "little"), text, *(column.tobytes() for column in columns)])
    return _VERSION + zstandard.ZstdCompressor(level=3).compress(whole)


def decode_measure(stored: bytes, *, gap: str) -> WindowMeasure:
    """Return the measure, with the reason of its row why it is no evidence.

    Raises:
        ValueError: it is of another version, or damaged.
    """
    if stored[:1] != _VERSION:
        raise ValueError(f"a stored window has version {stored[:1].hex()}")
    try:
        whole = zstandard.ZstdDecompressor().decompress(stored[1:], max_output_size=_MOST_BYTES)
    except zstandard.ZstdError as error:
        raise ValueError(f"a stored window is damaged: {error}") from error
    length = int.from_bytes(whole[:_LENGTH_BYTES], "little")
    said: dict[str, Any] = orjson.loads(whole[_LENGTH_BYTES : _LENGTH_BYTES + length])
    count, truncated = said.pop("count"), said.pop("truncated")
    columns = np.frombuffer(whole, dtype=np.uint8, offset=_LENGTH_BYTES + length).reshape(3, count * 8)
    series = SeriesSet(
        columns[0].view("<u8").astype(np.uint64),
        columns[1].view("<i8").astype(np.int64),
        columns[2].view("<f8").astype(np.float64),
        truncated,
    )
    said["metrics"] = {name: MetricPart(*fields) for name, fields in said["metrics"].items()}
    said["processes"] = {name: ProcessPart(*fields) for name, fields in said["processes"].items()}
    return replace(WindowMeasure(series=series, **said), gap=gap)


def empty_measure(start: int, seconds: float, gap: str) -> WindowMeasure:
    """Return the measure of a window of which nothing is known, and why."""
    nothing = SeriesSet(np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.float64))
    return WindowMeasure(start, seconds, 0, 0, 0, 0, 0, 0, 0, nothing, gap=gap)


def _fields(part: MetricPart | ProcessPart) -> list[int | float]:
    return [getattr(part, name) for name in part.__dataclass_fields__]


def encode_reading(reading: OwnReading) -> dict[str, Any]:
    """Return a reading as JSON."""
    return asdict(reading)


def decode_reading(stored: dict[str, Any]) -> OwnReading:
    """Return a reading from its JSON."""
    return OwnReading(
        **{name: value for name, value in stored.items() if name not in ("receivers", "exporters", "processors")},
        receivers={name: ReceiverCounts(**counts) for name, counts in stored["receivers"].items()},
        exporters={name: ExporterCounts(**counts) for name, counts in stored["exporters"].items()},
        processors={name: ProcessorCounts(**counts) for name, counts in stored["processors"].items()},
    )
