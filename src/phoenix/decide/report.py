"""The result of one pipeline: what it saves beside what it loses, and whether it is safe."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Self

from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.catalogue.thresholds import KeptPerScrape
from phoenix.core.money import Money
from phoenix.decide.loss.assess import assess_pairing
from phoenix.decide.loss.critical import CriticalKept, critical_kept
from phoenix.decide.loss.model import Loss
from phoenix.decide.loss.observed import Observed
from phoenix.decide.loss.pairing import pair
from phoenix.decide.pricing.cost import costs, saving_percent
from phoenix.decide.pricing.usage import DEFAULT_INTERVAL_SECONDS, Usage, usage
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.identity import index_series
from phoenix.telemetry.lineage import Origins
from phoenix.telemetry.measure import Measurement, measure
from phoenix.telemetry.processes import ProcessPattern


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a pipeline scrapes, which is seldom how often the capture was recorded.

    Attributes:
        interval_seconds: between two scrapes.
        thins_by_clock: the pipeline thins points by its own clock, and the capture was recorded at another interval:
            what a month of its points and bytes would be is unknown.
    """

    interval_seconds: float = DEFAULT_INTERVAL_SECONDS
    thins_by_clock: bool = False


DEFAULT_CADENCE = Cadence()


@dataclass(frozen=True, slots=True)
class Measured:
    """A capture with what many comparisons need of it, worked out once.

    Attributes:
        observed: its series and points, sorted.
        measurement: its counts and sizes.
    """

    observed: Observed
    measurement: Measurement

    @classmethod
    def of(cls, capture: Capture) -> Self:
        """Return `capture` measured."""
        index = index_series(capture)
        return cls(Observed.of(capture, index), measure(capture, index))


@dataclass(frozen=True, slots=True)
class Holding:
    """What a capture holds and what a month of it costs: the side that a pipeline is compared with.

    Attributes:
        name: what it is called.
        series, points, bytes: of the capture; bytes are uncompressed OTLP.
        cost: a month of it under each vendor, at the margin; None when unknown.
    """

    name: str
    series: int
    points: int
    bytes: int
    cost: Mapping[str, Money | None]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form, a part of a report's."""
        return {
            "name": self.name,
            "series": self.series,
            "points": self.points,
            "bytes": self.bytes,
            "cost": _cost_dict(self.cost),
        }


@dataclass(frozen=True, slots=True)
class PipelineReport:
    """What one pipeline makes of a capture.

    Attributes:
        name: the pipeline's name.
        series, points, bytes: of its output; bytes are uncompressed OTLP.
        saving_percent: of series, points, bytes and the cost under each vendor, against the input; None when unknown.
        cost: a month of the output under each vendor, at the margin; None when unknown.
        critical: what became of the critical processes.
        loss: everything else that was lost.
        cpu_seconds_per_million_points: of the collector, idle run subtracted; None when it was not measured.
        processes_per_scrape: how many processes a scrape of the output holds; None when nobody counted.
    """

    name: str
    series: int
    points: int
    bytes: int
    saving_percent: Mapping[str, float | None]
    cost: Mapping[str, Money | None]
    critical: CriticalKept
    loss: Loss
    cpu_seconds_per_million_points: float | None = None
    processes_per_scrape: KeptPerScrape | None = None

    @property
    def safe(self) -> bool:
        """Nothing corrupted, nothing missing that was declared to stay, every expected critical process kept."""
        return self.loss.harmless and self.critical.kept == self.critical.expected

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form; amounts are strings, as exact numbers are everywhere."""
        return {
            "name": self.name,
            "series": self.series,
            "points": self.points,
            "bytes": self.bytes,
            "saving_percent": dict(self.saving_percent),
            "cost": _cost_dict(self.cost),
            "critical_processes": self.critical.as_dict(),
            **self.loss.as_dict(),
            "cpu_seconds_per_million_points": self.cpu_seconds_per_million_points,
            "processes_per_scrape": self.processes_per_scrape and self.processes_per_scrape.as_dict(),
            "safe": self.safe,
        }


def holding(name: str, measured: Measured, cadence: Cadence = DEFAULT_CADENCE) -> Holding:
    """Return what a capture holds; nothing is compared, so it costs nothing once the capture is measured.

    Args:
        name: what to call it.
        measured: the capture.
        cadence: how often its pipeline really scrapes.
    """
    counts = measured.measurement
    cost = costs(_usage(counts, measured.observed.scrapes, cadence))
    return Holding(name, counts.series, counts.points, counts.bytes, cost)


def compare(
    name: str,
    before: Capture | Measured,
    after: Capture | Measured,
    *,
    declared: FoldMap | None = None,
    critical: Sequence[ProcessPattern] = (),
    exporters: Sequence[str] = (),
    host_attributes: Sequence[str] = (),
    changed_metrics: AbstractSet[str] = frozenset(),
    cadence: Cadence = DEFAULT_CADENCE,
    before_cadence: Cadence | None = None,
    cpu_seconds_per_million_points: float | None = None,
    processes_per_scrape: KeptPerScrape | None = None,
    origins: Origins | None = None,
) -> PipelineReport:
    """Return what a pipeline saves and loses, given its input and its output.

    Args:
        name: the pipeline's name.
        before: what went in; `Measured` when several pipelines share it.
        after: what the exporters would have got.
        declared: the fold map of a catalogue template; None for a config nobody annotated.
        critical: the processes that must stay.
        exporters: component ids or types of the exporters that get the output.
        host_attributes: resource attributes that the template declares to set on everything.
        changed_metrics: names of metrics whose values the config declares to change.
        cadence: how often the pipeline really scrapes, for a month of `after`.
        before_cadence: the same for `before`; None for the same one.
        cpu_seconds_per_million_points: the collector's cost, if it was measured.
        processes_per_scrape: of the output, if they were counted (`catalogue.thresholds.kept_per_scrape`).
        origins: which points of `before` those of `after` came from, if an evaluation told.
    """
    old, new = _measured(before), _measured(after)
    pairing = pair(old.observed, new.observed)
    scrapes = old.observed.scrapes
    was = costs(_usage(old.measurement, scrapes, before_cadence or cadence))
    now = costs(_usage(new.measurement, scrapes, cadence))
    return PipelineReport(
        name=name,
        series=new.measurement.series,
        points=new.measurement.points,
        bytes=new.measurement.bytes,
        saving_percent={
            "series": saving_percent(old.measurement.series, new.measurement.series),
            "points": saving_percent(old.measurement.points, new.measurement.points),
            "bytes": saving_percent(old.measurement.bytes, new.measurement.bytes),
            **{vendor: _saving(was[vendor], now[vendor]) for vendor in was},
        },
        cost=now,
        critical=critical_kept(pairing, critical),
        loss=assess_pairing(
            pairing,
            declared=declared,
            exporters=exporters,
            host_attributes=host_attributes,
            changed_metrics=changed_metrics,
            origins=origins,
        ),
        cpu_seconds_per_million_points=cpu_seconds_per_million_points,
        processes_per_scrape=processes_per_scrape,
    )


def best(reports: Iterable[PipelineReport]) -> PipelineReport | None:
    """Return the best safe pipeline, or None: the one that saves most series, then bytes, then the first by name.

    A pipeline that saves neither is never best, so the baseline, which is safe by nature, does not win by default.
    """
    worthwhile = [report for report in reports if report.safe and _saved(report) > (0.0, 0.0)]
    return min(worthwhile, key=lambda report: (*(-saved for saved in _saved(report)), report.name), default=None)


def _cost_dict(cost: Mapping[str, Money | None]) -> dict[str, dict[str, str] | None]:
    return {
        name: None if money is None else {"amount": str(money.rounded()), "currency": money.currency}
        for name, money in cost.items()
    }


def _saved(report: PipelineReport) -> tuple[float, float]:
    return report.saving_percent.get("series") or 0.0, report.saving_percent.get("bytes") or 0.0


def _saving(before: Money | None, after: Money | None) -> float | None:
    return saving_percent(None if before is None else before.amount, None if after is None else after.amount)


def _usage(measurement: Measurement, scrapes: int, cadence: Cadence) -> Usage:
    """A month of nothing is unknown: an empty input says nothing about how often it is scraped."""
    if not scrapes:
        return Usage(series=None)
    month = usage(measurement, scrapes=scrapes, interval_seconds=cadence.interval_seconds)
    return Usage(series=month.series) if cadence.thins_by_clock else month


def _measured(capture: Capture | Measured) -> Measured:
    return capture if isinstance(capture, Measured) else Measured.of(capture)
