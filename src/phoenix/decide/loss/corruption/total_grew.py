"""An additive metric that adds up to more than it did: something is counted twice.

Compared are sums without their sign, which summing and dropping can only lower, so that a metric that may fall is
judged rightly too. Integers are compared exactly, doubles up to what rounding alone can do (`totals.ROUNDINGS`). Where
a counter of the input falls (a clock was set back, or a restart had no start time) nobody knows by how much it rose,
and the metric is not judged.
"""

from phoenix.decide.loss.falls import fallen_names
from phoenix.decide.loss.model import Corruption, CorruptionKind, Total
from phoenix.decide.loss.pairing import Pairing
from phoenix.decide.loss.totals import Contributions, additive_names, rounding_by, sums_by

_WHY = (
    "Adding processes up or dropping them never makes a total larger. Something is counted twice: a running total was "
    "added as if it were an increase, or the same process is in a group and beside it."
)


def total_grew(pairing: Pairing, before: Contributions, after: Contributions) -> list[Corruption]:
    """Return one finding for each additive metric whose total exceeds the input's.

    Args:
        pairing: the two captures.
        before: contributions of the input's sorted points.
        after: contributions of the output's sorted points.
    """
    count = len(pairing.names)
    group_before, group_after = (
        pairing.name_before[pairing.before.series],
        pairing.name_after[pairing.after.series],
    )
    had = sums_by(group_before, count, before.magnitude())
    has = sums_by(group_after, count, after.magnitude())
    slack = rounding_by(group_before, count, before) + rounding_by(group_after, count, after)
    judged = additive_names(pairing.before) & additive_names(pairing.after) - fallen_names(pairing.before)
    return [
        grown(name, had[number], has[number])
        for number, name in enumerate(pairing.names)
        if name in judged and has[number] - had[number] > slack[number]
    ]


def grown(name: str, had: Total, has: Total) -> Corruption:
    """Return the finding that a metric's total grew from `had` to `has`."""
    return Corruption(
        CorruptionKind.TOTAL_GREW, name, 1, f"{name} adds up to {had:,} in the input and to {has:,} in the output", _WHY
    )
