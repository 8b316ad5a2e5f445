"""Ids in a generated config: those of Phoenix, which others rely on, and free ones for what an arm brings."""

from collections.abc import Iterable
from typing import Final

from phoenix.collector.compose.model import Arm

# The meters' exporters, by which own metrics are watched.
METERS: Final = {Arm.BASELINE: "otlp_http/phoenix_baseline", Arm.CANDIDATE: "otlp_http/phoenix_candidate"}
# Opens the candidate's arm. It counts no items itself: what waits in it are the points that receivers accepted less
# those that the candidate's first processor took.
BOUNDARY: Final = "batch/phoenix_boundary"
# Between production and the baseline's meter.
TAP: Final = "forward/phoenix_baseline"
TAP_BOUNDARY: Final = "batch/phoenix_baseline"

RESERVED: Final = frozenset({*METERS.values(), BOUNDARY, TAP, TAP_BOUNDARY})

_ARM_NAME: Final = "phoenix_candidate"


class Names:
    """Gives ids that are not taken yet, the same ones for the same config."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*taken, *RESERVED}

    def candidate(self, type_name: str, name: str) -> str:
        """Return the id in the candidate's arm of what is `type_name/name` in the candidate.

        >>> Names(["filter/phoenix_candidate"]).candidate("filter", "")
        'filter/phoenix_candidate_2'
        """
        return self.free(f"{type_name}/{_ARM_NAME}_{name}" if name else f"{type_name}/{_ARM_NAME}")

    def free(self, wanted: str) -> str:
        """Return `wanted`, with a number when it is taken, and take it."""
        chosen, number = wanted, 1
        while chosen in self._taken:
            number += 1
            chosen = f"{wanted}_{number}"
        self._taken.add(chosen)
        return chosen
