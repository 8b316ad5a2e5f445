"""Many cases through both evaluators, counted by agreement and by feature."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from tests.support.parity.case import SHARED, Case, capture_of
from tests.support.parity.outcome import Agreement, Outcome, compare

from phoenix.collector.evaluator import Evaluator


@dataclass
class Tally:
    """What a run found.

    Attributes:
        agreements: cases by how the answers stand to each other.
        used: cases by feature that they use.
        refused: cases by feature that were refused by name.
        reasons: refused cases by what was refused.
        different: the cases that differ, with what differs.
    """

    agreements: Counter[Agreement] = field(default_factory=Counter)
    used: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    different: list[tuple[Case, Outcome]] = field(default_factory=list)

    def add(self, case: Case, outcome: Outcome) -> None:
        """Count a case. What both refuse proves little of a feature, so it does not count as used."""
        self.agreements[outcome.agreement] += 1
        if outcome.agreement is Agreement.BOTH_REFUSE:
            return
        names = list(case.features.used)
        self.used.update(names)
        if outcome.agreement is Agreement.NOT_COLUMNAR:
            self.refused.update(names)
            self.reasons[outcome.words] += 1
        elif outcome.agreement is Agreement.DIFFERENT:
            self.different.append((case, outcome))


def run(
    numbers: Iterable[int],
    collector: Evaluator,
    columnar: Evaluator,
    told: Callable[[Case, Outcome], None] = lambda _case, _outcome: None,
    kinds: Sequence[str] = (),
) -> Tally:
    """Return the tally of these cases (see `Case.numbered`); `told` hears of each."""
    tally = Tally()
    for group, members in groupby(numbers, lambda number: number // SHARED):
        shared = capture_of(group * SHARED)
        for number in members:
            case = Case.numbered(number, shared, kinds)
            outcome = compare(case, collector, columnar)
            tally.add(case, outcome)
            told(case, outcome)
    return tally
