"""How soon a true effect is shown: the verdict, the formulas it was chosen from, and a t-test once or at every look."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from tests.support.stats.check import ALPHA
from tests.support.stats.formulas import Looks, betting, empirical_bernstein, fixed_horizon, peeking, plug_in
from tests.support.stats.streams import autocorrelated, normal

from phoenix.decide.verdict.sequences.interval import looks

Array = NDArray[np.float64]
EFFECTS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6)
METHODS: Mapping[str, Callable[[Array, float], Looks]] = MappingProxyType(
    {
        "verdict": lambda values, alpha: looks(values, alpha, 0.0, 0.0),
        "betting, grid": betting,
        "betting, plug-in": plug_in,
        "empirical Bernstein": empirical_bernstein,
        "t-test once": fixed_horizon,
        "t-test at every look": peeking,
    }
)


@dataclass(frozen=True)
class Power:
    """How one method sees one effect.

    Attributes:
        kind, effect, method: of what.
        shown: the share of experiments in which it says better by the end.
        windows: the median of the windows that took; None when fewer than half came to it.
    """

    kind: str
    effect: float
    method: str
    shown: float
    windows: int | None


def powers(experiments: int, windows: int, seed: int) -> Iterator[Power]:
    """Yield each method at each effect, on independent windows and on ones that hang together."""
    generator = np.random.default_rng(seed)
    for name, kind in {"normal": normal, "autocorrelated 0.8": autocorrelated(0.8, 0.1)}.items():
        noise = kind(generator, experiments, windows)
        for effect in EFFECTS:
            values = np.clip(effect + noise, -1, 1)
            for method, of in METHODS.items():
                above, _ = of(values, ALPHA)
                first = np.where(above.any(axis=-1), above.argmax(axis=-1) + 1, windows + 1)
                median = int(np.median(first))
                shown = float(above.any(axis=-1).mean())
                yield Power(name, effect, method, shown, median if median <= windows else None)
