"""Points that an exporter of the pipeline refuses because of their temporality: they never reach the backend.

Read in the sources of the exporters (0.160): prometheusremotewrite refuses every sum and histogram that is not
cumulative; prometheus refuses sums without a temporality and deltas that may fall, and adds up other deltas only while
each starts where the last one ended, otherwise it shows the last delta as if it were the total.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.loss.model import Corruption, CorruptionKind
from phoenix.decide.loss.observed import Observed
from phoenix.decide.loss.pairing import Pairing
from phoenix.decide.loss.words import count_text, series_text
from phoenix.telemetry.values import MetricType, MetricValue, Temporality

_WITH_TEMPORALITY = frozenset({MetricType.SUM, MetricType.HISTOGRAM, MetricType.EXPONENTIAL_HISTOGRAM})
_SAID: Mapping[int, str] = {Temporality.DELTA: "delta", Temporality.CUMULATIVE: "cumulative"}


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
        lambda metric: metric.type in _WITH_TEMPORALITY and metric.temporality != Temporality.CUMULATIVE
    )


def _not_addable(after: Observed) -> NDArray[np.bool_]:
    gap = after.follows.copy()
    gap[1:] &= after.start[1:] != after.time[:-1]
    broken = np.zeros(len(after), np.bool_)
    broken[after.series[gap]] = True
    return after.of_metrics(_refused_by_prometheus) | (after.of_metrics(_is_delta) & broken)


def _is_delta(metric: MetricValue) -> bool:
    return metric.type in _WITH_TEMPORALITY and metric.temporality == Temporality.DELTA


def _refused_by_prometheus(metric: MetricValue) -> bool:
    if metric.type not in _WITH_TEMPORALITY:
        return False
    may_fall = metric.type is MetricType.SUM and not metric.monotonic
    return metric.temporality not in _SAID or (_is_delta(metric) and may_fall)


_REFUSALS: dict[str, Callable[[Observed], NDArray[np.bool_]]] = {
    "prometheus": _not_addable,
    "prometheusremotewrite": _not_cumulative,
}
