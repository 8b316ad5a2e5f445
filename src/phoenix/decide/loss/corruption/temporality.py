"""Points that an exporter of the pipeline refuses because of their temporality: they never reach the backend.

Read in the sources of the exporters (0.160): prometheusremotewrite refuses every sum and histogram that is not
cumulative; prometheus refuses sums without a temporality and deltas that may fall, and adds up other deltas only while
each starts where the last one ended, otherwise it shows the last delta as if it were the total.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.loss.model import Corruption, CorruptionKind
from phoenix.decide.loss.observed import Observed
from phoenix.decide.loss.pairing import Pairing
from phoenix.decide.loss.totals import CUMULATIVE, DELTA
from phoenix.decide.loss.words import count_text, series_text
from phoenix.telemetry.values import MetricValue

_WITH_TEMPORALITY = frozenset({"sum", "histogram", "exponential_histogram"})
_SAID = {DELTA: "delta", CUMULATIVE: "cumulative"}


def temporality(pairing: Pairing, exporters: Sequence[str]) -> list[Corruption]:
    """Return one finding for each exporter and metric; `count` is the series refused.

    `exporters` are component ids (prometheus_remote_write/main) or types, old names or new.
    """
    types = sorted({exporter.partition("/")[0].replace("_", "") for exporter in exporters} & _REFUSALS.keys())
    return [finding for exporter in types for finding in _refused(pairing, exporter)]


def _refused(pairing: Pairing, exporter: str) -> list[Corruption]:
    after = pairing.after
    refused = _REFUSALS[exporter](after)
    by_name = np.bincount(pairing.name_after[refused], minlength=len(pairing.names))
    return [_finding(pairing, exporter, int(name), refused) for name in np.flatnonzero(by_name)]


def _finding(pairing: Pairing, exporter: str, name: int, refused: NDArray[np.bool_]) -> Corruption:
    series = np.flatnonzero(refused & (pairing.name_after == name))
    first = int(series[0])
    said = _SAID.get(pairing.after.metric_of(first).temporality, "unspecified")
    return Corruption(
        CorruptionKind.TEMPORALITY,
        pairing.names[name],
        len(series),
        f"{series_text(pairing.after, first)} has {said} temporality, and the pipeline exports to {exporter}",
        f"The {exporter} exporter refuses {count_text(len(series), 'series', 'series')} of this metric or shows wrong "
        "totals for them. Convert with delta_to_cumulative, or use an exporter that takes deltas.",
    )


def _not_cumulative(after: Observed) -> NDArray[np.bool_]:
    return after.of_metrics(
        {row: _has_temporality(metric) and metric.temporality != CUMULATIVE for row, metric in after.metrics.items()}
    )


def _not_addable(after: Observed) -> NDArray[np.bool_]:
    refused = after.of_metrics({row: _refused_by_prometheus(metric) for row, metric in after.metrics.items()})
    delta = after.of_metrics(
        {row: metric.temporality == DELTA and _has_temporality(metric) for row, metric in after.metrics.items()}
    )
    broken = np.zeros(len(after), np.bool_)
    gap = after.follows.copy()
    gap[1:] &= after.start[1:] != after.time[:-1]
    broken[after.series[gap]] = True
    return refused | (delta & broken)


def _refused_by_prometheus(metric: MetricValue) -> bool:
    if not _has_temporality(metric):
        return False
    return metric.temporality not in _SAID or (
        metric.type == "sum" and metric.temporality == DELTA and not metric.monotonic
    )


def _has_temporality(metric: MetricValue) -> bool:
    return metric.type in _WITH_TEMPORALITY


_REFUSALS: dict[str, Callable[[Observed], NDArray[np.bool_]]] = {
    "prometheus": _not_addable,
    "prometheusremotewrite": _not_cumulative,
}
