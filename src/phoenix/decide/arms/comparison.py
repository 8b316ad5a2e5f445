"""Two arms held against each other: what was saved beside what was lost, per window and in total.

Called by control/experiments, which stores the JSON form and shows it while the experiment runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.compose.model import Arm
from phoenix.decide.arms.loss import LiveLoss, live_loss
from phoenix.decide.arms.model import NoData, PairedWindow, Pairing
from phoenix.decide.arms.moved import LiveMover, metric_movers, process_movers
from phoenix.decide.arms.saving import ArmMeasure, mean_savings, savings, window_savings
from phoenix.decide.pricing.cost import Pricing
from phoenix.decide.pricing.document import money_document
from phoenix.decide.pricing.renamed import renamed_words
from phoenix.decide.pricing.saving import paired
from phoenix.decide.pricing.sheets.shipped import vendors
from phoenix.telemetry.window.model import WindowMeasure


@dataclass(frozen=True, slots=True)
class CriticalCount:
    """Critical processes over all windows of all hosts, each window's counted by itself.

    Attributes:
        expected: seen in the baseline's windows.
        kept: of these, also in the candidate's.
    """

    expected: int
    kept: int

    @classmethod
    def of(cls, pairs: Sequence[PairedWindow]) -> Self:
        """Return the count over paired windows."""
        expected = kept = 0
        for pair in pairs:
            for pattern, processes in pair.baseline.critical.items():
                expected += processes
                kept += min(processes, pair.candidate.critical.get(pattern, 0))
        return cls(expected, kept)

    def as_dict(self) -> dict[str, int]:
        """Return the JSON form."""
        return {"expected": self.expected, "kept": self.kept}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two arms held over the same windows of the same hosts.

    Attributes:
        windows: how many windows, those of each host counted by itself.
        hosts: how many hosts they are of.
        arms: what each held.
        saving_percent: (baseline - candidate) / baseline of the totals, by what is saved; None when unknown.
        saving_percent_mean: the mean of the same over windows.
        critical: critical processes expected and kept.
        loss: what became of the rest.
        metrics, processes: where the saving comes from.
        warnings: names that a vendor may begin to bill.
    """

    windows: int
    hosts: int
    arms: Mapping[Arm, ArmMeasure]
    saving_percent: Mapping[str, float | None]
    saving_percent_mean: Mapping[str, float | None]
    critical: CriticalCount
    loss: LiveLoss
    metrics: tuple[LiveMover, ...]
    processes: tuple[LiveMover, ...]
    warnings: tuple[str, ...] = ()

    def arms_as_dict(self, processor_seconds: Mapping[Arm, float | None]) -> dict[str, Any]:
        """Return the JSON form of the arms, with the seconds that the own processors of each worked."""
        return {
            arm.value: {
                "series": measure.series,
                "series_per_window": measure.series_per_window,
                "series_are_lower_bound": measure.series_are_lower_bound,
                "points": measure.points,
                "bytes": measure.otlp_bytes,
                "json_bytes": measure.json_bytes,
                "critical_processes": dict(measure.critical),
                "processor_seconds": processor_seconds.get(arm),
                "cost": {vendor: cost.as_dict() for vendor, cost in measure.cost.items()},
            }
            for arm, measure in self.arms.items()
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form of everything but the arms."""
        return {
            "saving_percent": dict(self.saving_percent),
            "saving_percent_mean": dict(self.saving_percent_mean),
            "critical_processes": self.critical.as_dict(),
            "loss": self.loss.as_dict(),
            "money": money_document(
                paired(self.arms[Arm.BASELINE].cost, self.arms[Arm.CANDIDATE].cost),
                Pricing(),
                hosts=self.hosts,
                warnings=self.warnings,
            ),
            "movers": {
                "metrics": [mover.as_dict() for mover in self.metrics],
                "processes": [mover.as_dict() for mover in self.processes],
            },
        }


def compare_arms(
    pairs: Sequence[PairedWindow], *, declared: FoldMap | None = None, values_stay: bool = False
) -> Comparison:
    """Return the comparison over paired windows, in any order. The arguments are those of `live_loss`."""
    baseline = ArmMeasure.of([(pair.host, pair.baseline) for pair in pairs])
    candidate = ArmMeasure.of([(pair.host, pair.candidate) for pair in pairs])
    return Comparison(
        windows=len(pairs),
        hosts=len({pair.host for pair in pairs}),
        arms={Arm.BASELINE: baseline, Arm.CANDIDATE: candidate},
        saving_percent=savings(baseline, candidate),
        saving_percent_mean=mean_savings((pair.baseline, pair.candidate) for pair in pairs),
        critical=CriticalCount.of(pairs),
        loss=live_loss(pairs, declared=declared, values_stay=values_stay),
        metrics=metric_movers(pairs),
        processes=process_movers(pairs),
        warnings=tuple(
            renamed_words(
                vendors(),
                {name for pair in pairs for name in pair.baseline.metrics},
                {name for pair in pairs for name in pair.candidate.metrics},
            )
        ),
    )


def windows_as_dicts(pairing: Pairing) -> list[dict[str, Any]]:
    """Return every settled window of every host, by start and host: what each arm held, or why it is no data."""
    settled: list[PairedWindow | NoData] = [*pairing.pairs, *pairing.no_data]
    settled.sort(key=lambda it: (it.start, it.host))
    return [_as_dict(it) for it in settled]


def _as_dict(window: PairedWindow | NoData) -> dict[str, Any]:
    place: dict[str, Any] = {"host": window.host, "start": window.start}
    if isinstance(window, NoData):
        return place | {"no_data": {"kind": window.kind.value, "reason": window.reason}}
    return place | {
        "evidence": window.evidence,
        "baseline": _counts(window.baseline),
        "candidate": _counts(window.candidate),
        "saving_percent": window_savings(window.baseline, window.candidate),
        "critical_processes": CriticalCount.of([window]).as_dict(),
    }


def _counts(window: WindowMeasure) -> dict[str, Any]:
    return {
        "series": len(window.series.hashes),
        "points": window.points,
        "bytes": window.otlp_bytes,
        "json_bytes": window.json_bytes,
        "critical_processes": dict(window.critical),
    }
