"""The result of one pipeline: what it saves beside what it loses, and whether it is safe."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Self

from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.catalogue.thresholds import KeptPerScrape
from phoenix.decide.loss.assess import assess_pairing
from phoenix.decide.loss.critical import CriticalKept, critical_kept
from phoenix.decide.loss.model import Loss
from phoenix.decide.loss.observed import Observed
from phoenix.decide.loss.pairing import pair
from phoenix.decide.pricing.cost import Cost, Pricing, saving_percent
from phoenix.decide.pricing.renamed import renamed_words
from phoenix.decide.pricing.saving import Saving, savings
from phoenix.decide.pricing.usage.capture import Scrapes, usage_of_capture
from phoenix.decide.pricing.usage.model import Usage
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.identity import index_series
from phoenix.telemetry.lineage import Origins
from phoenix.telemetry.measure import Measurement, measure
from phoenix.telemetry.processes import ProcessPattern
from phoenix.telemetry.values import MetricType

DEFAULT_INTERVAL_SECONDS = 60.0


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
        cost: a month of it under each vendor.
    """

    name: str
    series: int
    points: int
    bytes: int
    cost: Mapping[str, Cost]

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
        savings: what is saved of a month under each vendor, in money.
        hosts: how many the capture is of.
        warnings: what the money does not say: names that a vendor may begin to bill, histograms.
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
    savings: Mapping[str, Saving]
    hosts: int
    warnings: tuple[str, ...]
    critical: CriticalKept
    loss: Loss
    cpu_seconds_per_million_points: float | None = None
    processes_per_scrape: KeptPerScrape | None = None

    @property
    def cost(self) -> Mapping[str, Cost]:
        """A month of the output under each vendor."""
        return {vendor: saving.after for vendor, saving in self.savings.items()}

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


def holding(name: str, measured: Measured, compared: PipelineReport) -> Holding:
    """Return what a capture holds, given what was compared with it; it costs nothing more.

    Args:
        name: what to call it.
        measured: the capture.
        compared: the report of a pipeline against it.
    """
    counts = measured.measurement
    cost = {vendor: saving.before for vendor, saving in compared.savings.items()}
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
    pricing: Pricing | None = None,
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
        pricing: under which vendors money is told, for how many hosts; those that ship and the hosts measured by
            default.
    """
    old, new = _measured(before), _measured(after)
    pairing = pair(old.observed, new.observed)
    pricing = pricing or Pricing()
    was, now = _months(old.observed, new.observed, before_cadence or cadence, cadence)
    saved = savings(was, now, pricing)
    return PipelineReport(
        name=name,
        series=new.measurement.series,
        points=new.measurement.points,
        bytes=new.measurement.bytes,
        saving_percent={
            "series": saving_percent(old.measurement.series, new.measurement.series),
            "points": saving_percent(old.measurement.points, new.measurement.points),
            "bytes": saving_percent(old.measurement.bytes, new.measurement.bytes),
            **{vendor: saving.percent for vendor, saving in saved.items()},
        },
        savings=saved,
        hosts=was.hosts,
        warnings=(*renamed_words(pricing.vendors, was.metrics, now.metrics), *_histograms(new.observed)),
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


def _histograms(observed: Observed) -> Iterator[str]:
    """Yield a warning when there is something that vendors take apart."""
    names = {it.name for it in observed.metrics.values() if it.type not in (MetricType.GAUGE, MetricType.SUM)}
    if names:
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield (
            f"{min(names)}{more} hold histograms or summaries, which count here as one series and one point each; a "
            "vendor that makes a series of each bucket bills more"
        )


def _cost_dict(costs: Mapping[str, Cost]) -> dict[str, dict[str, str | None] | None]:
    return {name: cost.as_dict() for name, cost in costs.items()}


def _saved(report: PipelineReport) -> tuple[float, float]:
    return report.saving_percent.get("series") or 0.0, report.saving_percent.get("bytes") or 0.0


def _months(before: Observed, after: Observed, was: Cadence, now: Cadence) -> tuple[Usage, Usage]:
    """Return a month of either side; both are counted in scrapes of the input, each at its own interval."""
    months = (
        usage_of_capture(
            observed,
            Scrapes.of(before, cadence.interval_seconds),
            interval_seconds=cadence.interval_seconds,
            thins_by_clock=cadence.thins_by_clock,
        )
        for observed, cadence in ((before, was), (after, now))
    )
    return next(months), next(months)


def _measured(capture: Capture | Measured) -> Measured:
    return capture if isinstance(capture, Measured) else Measured.of(capture)
