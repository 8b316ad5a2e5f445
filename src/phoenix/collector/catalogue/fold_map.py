"""What a template declares about each process: kept, folded into a group, or dropped.

The loss check reads it to tell a declared loss (dropped) from a sum whose totals must match (folded): a series that is
in the output whole is kept whatever is declared; one that is not has the fate that its first matching rule says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from phoenix.telemetry.processes import ProcessPattern


class Fate(StrEnum):
    """What becomes of a series that is not in the output as it was."""

    KEPT = "kept"  # must be there: its absence is a failure of the template
    FOLDED = "folded"  # summed into a group: totals must match
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class FoldRule:
    """One line of a fold map.

    Attributes:
        fate: what becomes of the series this rule matches.
        processes: any of these must match the resource; empty means every resource.
        metrics: the metric's name must be one of these; empty means every metric.
    """

    fate: Fate
    processes: tuple[ProcessPattern, ...] = ()
    metrics: frozenset[str] = frozenset()

    def matches(self, resource: Mapping[str, object], metric: str) -> bool:
        """Return whether this rule speaks of `metric` of a resource with these attributes."""
        if self.metrics and metric not in self.metrics:
            return False
        return not self.processes or any(pattern.matches(resource) for pattern in self.processes)


@dataclass(frozen=True, slots=True)
class FoldMap:
    """Rules in order; the first that matches decides. No rule matching means the series must be kept."""

    rules: tuple[FoldRule, ...] = ()

    def fate(self, resource: Mapping[str, object], metric: str) -> Fate:
        """Return what the template declares for one metric of one resource.

        >>> rest = FoldMap((FoldRule(Fate.KEPT, (ProcessPattern.parse("nginx"),)), FoldRule(Fate.FOLDED)))
        >>> rest.fate({"process.executable.name": "cron"}, "process.threads")
        <Fate.FOLDED: 'folded'>
        """
        return next((rule.fate for rule in self.rules if rule.matches(resource, metric)), Fate.KEPT)
