"""Windows as canonical JSON and back, without losing a bit: what JSON has no number for is written as a text."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from phoenix.core.ids import HostId
from phoenix.decide.arms.model import NoData, NoDataKind, PairedWindow, Pairing
from phoenix.telemetry.window.model import MetricPart, ProcessPart, SeriesSet, WindowMeasure

_PLAIN = (
    "start",
    "seconds",
    "requests",
    "scrapes",
    "first_time",
    "last_time",
    "points",
    "otlp_bytes",
    "json_bytes",
    "critical",
    "corruption",
    "gap",
)


def host_document(host: HostId, pairing: Pairing) -> dict[str, Any]:
    """Return all that is stored of one host: pairs and windows that are no data, each by start."""
    pairs = sorted((it for it in pairing.pairs if it.host == host), key=lambda it: it.start)
    lost = sorted((it for it in pairing.no_data if it.host == host), key=lambda it: it.start)
    return {
        "host": host,
        "pairs": [
            {
                "start": pair.start,
                "evidence": pair.evidence,
                "baseline": encode_window(pair.baseline),
                "candidate": encode_window(pair.candidate),
            }
            for pair in pairs
        ],
        "no_data": [{"start": it.start, "kind": it.kind.value, "reason": it.reason} for it in lost],
    }


def pairing_of(documents: Iterable[Mapping[str, Any]]) -> Pairing:
    """Return the pairing that some hosts' documents hold.

    Raises:
        KeyError, TypeError, ValueError: one is not as `host_document` writes it.
    """
    pairs: list[PairedWindow] = []
    lost: list[NoData] = []
    for document in documents:
        host = HostId(document["host"])
        for it in document["pairs"]:
            baseline, candidate = decode_window(it["baseline"]), decode_window(it["candidate"])
            pairs.append(PairedWindow(host, it["start"], baseline, candidate, it["evidence"]))
        lost += [NoData(host, it["start"], NoDataKind(it["kind"]), it["reason"]) for it in document["no_data"]]
    pairs.sort(key=lambda it: (it.start, it.host))
    lost.sort(key=lambda it: (it.start, it.host))
    return Pairing(tuple(pairs), tuple(lost))


def encode_window(window: WindowMeasure) -> dict[str, Any]:
    """Return the JSON form of one window."""
    series = window.series
    return {name: _plain(getattr(window, name)) for name in _PLAIN} | {
        "series": {
            "hashes": series.hashes.tolist(),
            "points": series.points.tolist(),
            "values": [_number(value) for value in series.values.tolist()],
            "truncated": bool(series.truncated),
        },
        "metrics": {name: _fields(part) for name, part in window.metrics.items()},
        "processes": {name: _fields(part) for name, part in window.processes.items()},
    }


def decode_window(stored: Mapping[str, Any]) -> WindowMeasure:
    """Return the window of its JSON form.

    Raises:
        KeyError, TypeError, ValueError: it is not as `encode_window` writes it.
    """
    series = stored["series"]
    return WindowMeasure(
        **{name: stored[name] for name in _PLAIN},
        series=SeriesSet(
            np.array(series["hashes"], np.uint64),
            np.array(series["points"], np.int64),
            np.array([float(value) for value in series["values"]], np.float64),
            truncated=series["truncated"],
        ),
        metrics={name: MetricPart(**_decoded(part)) for name, part in stored["metrics"].items()},
        processes={name: ProcessPart(**_decoded(part)) for name, part in stored["processes"].items()},
    )


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _fields(part: MetricPart | ProcessPart) -> dict[str, Any]:
    return {name: _number(getattr(part, name)) for name in part.__dataclass_fields__}


def _decoded(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: float(value) if isinstance(value, str) else value for name, value in part.items()}


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else repr(value)
