"""The planner held against what was needed: a pilot of sixty windows, and then the experiment."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from tests.support.stats.check import ALPHA
from tests.support.stats.streams import autocorrelated, normal

from phoenix.decide.verdict.planner import plan
from phoenix.decide.verdict.sequences.interval import mean_interval

HALF_WIDTH = 0.1
PILOT = 60


@dataclass(frozen=True)
class Planned:
    """One kind of data.

    Attributes:
        planned, needed: medians of windows.
        enough: the share of experiments that were done, or within a fifth of it, by the planned window.
    """

    kind: str
    planned: int
    needed: int
    enough: float


def plans(experiments: int, seed: int, most: int = 3000) -> Iterator[Planned]:
    """Yield a line a kind of data; an experiment that never gets there needs `most`."""
    generator = np.random.default_rng(seed)
    kinds = {
        "normal": lambda count, windows: 0.4 + normal(generator, count, windows),
        "steady": lambda count, windows: 0.4 + 0.1 * normal(generator, count, windows),
        "autocorrelated 0.8": lambda count, windows: 0.4 + autocorrelated(0.8, 0.1)(generator, count, windows),
    }
    for name, kind in kinds.items():
        values = np.clip(kind(experiments, most), -1, 1)
        planned = np.array([plan(row[:PILOT], [0.4], HALF_WIDTH, ALPHA).windows or most for row in values])
        needed = np.array([_needed(row) for row in values])
        enough = float((needed <= 1.2 * planned).mean())
        yield Planned(name, int(np.median(planned)), int(np.median(needed)), enough)


def _needed(values: np.ndarray) -> int:
    """Return after how many windows the interval was narrow enough, to a few percent."""
    count = 16.0
    while count < len(values):
        if mean_interval(values[: int(count)], ALPHA).half_width <= HALF_WIDTH:
            return int(count)
        count *= 1.05
    return len(values)
