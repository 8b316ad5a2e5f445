"""What the loss check finds, as values with the JSON that the report prints."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Total = int | float


class CorruptionKind(StrEnum):
    """Damage that no config declares (design, section 6)."""

    DUPLICATE_IDENTITY = "duplicate_identity"
    COUNTER_FELL = "counter_fell"
    TOTAL_GREW = "total_grew"
    TEMPORALITY = "temporality"
    HOST_IDENTITY_LOST = "host_identity_lost"
    VALUE_CHANGED = "value_changed"


@dataclass(frozen=True, slots=True)
class Corruption:
    """One kind of damage to one metric.

    Attributes:
        kind: what happened.
        metric: the metric's name.
        count: how often: points for duplicates, falls and changed values; series for temporality and host identity; 1
            for a total.
        example: the worst case, with its series and time.
        why: what it means, for someone who reads the telemetry.
    """

    kind: CorruptionKind
    metric: str
    count: int
    example: str
    why: str

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "kind": self.kind.value,
            "metric": self.metric,
            "count": self.count,
            "example": self.example,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Missing:
    """Something declared to stay that is not there: series declared kept, or part of a folded total.

    Attributes:
        metric: the metric's name.
        series: how many series are concerned.
        example: one of them, or the two totals.
        why: what was declared and what was found.
    """

    metric: str
    series: int
    example: str
    why: str

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        return {"metric": self.metric, "series": self.series, "example": self.example, "why": self.why}


@dataclass(frozen=True, slots=True)
class Dropped:
    """Series of the input that are not in the output.

    Attributes:
        series: how many.
        points: the points they had.
        totals: what they added up to, by metric, for additive metrics.
    """

    series: int = 0
    points: int = 0
    totals: Mapping[str, Total] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        return {"series": self.series, "points": self.points, "totals": dict(self.totals)}


@dataclass(frozen=True, slots=True)
class Folded:
    """Series of the input that were summed into series the pipeline made.

    Attributes:
        series_in: how many went in.
        series_out: how many came out.
        totals_error: the largest relative difference between what went in and what came out; 0 is exact.
        metric: the metric with that difference, or None.
    """

    series_in: int = 0
    series_out: int = 0
    totals_error: float = 0.0
    metric: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "series_in": self.series_in,
            "series_out": self.series_out,
            "totals_error": self.totals_error,
            "totals_error_metric": self.metric,
        }


@dataclass(frozen=True, slots=True)
class Thinned:
    """Series that stayed with fewer points.

    Attributes:
        series: how many.
        points: the points they lost.
    """

    series: int = 0
    points: int = 0

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        return {"series": self.series, "points": self.points}


def gone_as_dict(dropped: Dropped | None, folded: Folded | None, dropped_or_folded: Dropped | None) -> dict[str, Any]:
    """Return the JSON form of what is gone, by the word for it; what is not known has no word."""
    known = {"dropped": dropped, "folded": folded, "dropped_or_folded": dropped_or_folded}
    return {name: part.as_dict() for name, part in known.items() if part is not None}


@dataclass(frozen=True, slots=True)
class Loss:
    """Everything that became of the input other than arriving as it was.

    Attributes:
        corrupted: damage no config declares, worst first by kind.
        undeclared_missing: what a template declared to keep and did not.
        dropped, folded: known only with a fold map or with lineage; None without.
        dropped_or_folded: both together, where nothing tells them apart; else None. Its totals are those of
            the input's series.
        made: series of the output that the pipeline made.
        thinned: series that stayed with fewer points.
        reidentified: series that stayed under another identity.
    """

    corrupted: tuple[Corruption, ...] = ()
    undeclared_missing: tuple[Missing, ...] = ()
    dropped: Dropped | None = None
    folded: Folded | None = None
    dropped_or_folded: Dropped | None = None
    made: int = 0
    thinned: Thinned = field(default_factory=Thinned)
    reidentified: int = 0

    @property
    def harmless(self) -> bool:
        """Nothing corrupted, and nothing missing that was declared to stay."""
        return not self.corrupted and not self.undeclared_missing

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form: `dropped` and `folded`, or `dropped_or_folded` where they cannot be told apart."""
        return gone_as_dict(self.dropped, self.folded, self.dropped_or_folded) | {
            "made": self.made,
            "thinned": self.thinned.as_dict(),
            "reidentified": self.reidentified,
            "undeclared_missing": [missing.as_dict() for missing in self.undeclared_missing],
            "corrupted": [corruption.as_dict() for corruption in self.corrupted],
        }
