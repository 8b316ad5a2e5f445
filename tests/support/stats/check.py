"""How often a verdict would be false on simulated experiments without a true effect, with a look after every window.

A line a kind of data and claim: what the formula for independent windows does, what the product does, and what a t-test
does once and after every window.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tests.support.stats.formulas import Looks, betting, fixed_horizon, peeking
from tests.support.stats.streams import PLAIN, diurnal_mean, host_mix, normal

from phoenix.decide.verdict.beyond import strata_interval
from phoenix.decide.verdict.sequences.interval import looks, mean_interval

Array = NDArray[np.float64]
ALPHA = 0.05
# More missing windows than this make a verdict undecided (`Thresholds.missing`).
MISSING = 0.1
_STEP = 0.005
# Working intervals out costs more than asking for a verdict: so many experiments, every so many windows.
_ROWS = 200
_EVERY = 40


@dataclass(frozen=True)
class Line:
    """False verdicts of one kind of data.

    Attributes:
        kind, claim: the data, and what is claimed of it.
        product: the share of experiments in which the product says better or worse; None when it refuses the claim.
        formula, peeking, once: of betting as if windows were independent, of a t-test at every look, of one at the end.
        note: what the product does about it.
    """

    kind: str
    claim: str
    product: float | None
    formula: float
    peeking: float
    once: float
    note: str


def allowed(experiments: int) -> float:
    """Return what a rate of 5 % may look like in so many experiments: two standard errors more."""
    return float(ALPHA + 2 * np.sqrt(ALPHA * (1 - ALPHA) / experiments))


def lines(experiments: int, windows: int, seed: int) -> Iterator[Line]:
    """Yield every line."""
    generator = np.random.default_rng(seed)
    for name, kind in PLAIN.items():
        values = kind(generator, experiments, windows)
        note = "widens" if "auto" in name or "burst" in name else "holds"
        yield _line(name, "these hosts, this period", values, rate(looks(values, ALPHA, 0, 0)), note=note)
    yield from _diurnal(generator, experiments, windows)
    yield from _hosts(generator, experiments, windows)
    yield from _missing(generator, experiments, windows)


def rate(found: Looks, truth: Array | float = 0.0) -> float:
    """Return the share of experiments with a false better or worse at any look."""
    above, below = found
    return float(((above & (truth <= 0)) | (below & (truth >= 0))).any(axis=-1).mean())


def _line(
    kind: str, claim: str, values: Array, product: float | None, *, note: str, truth: Array | float = 0.0
) -> Line:
    formula, often, once = (rate(method(values, ALPHA), truth) for method in (betting, peeking, fixed_horizon))
    return Line(kind, claim, product, formula, often, once, note)


def _diurnal(generator: np.random.Generator, experiments: int, windows: int) -> Iterator[Line]:
    mean = diurnal_mean(generator, experiments, windows)
    values = np.clip(mean + generator.normal(0, 0.1, mean.shape), -1, 1)
    so_far = np.cumsum(mean, axis=-1) / np.arange(1, windows + 1)
    found = looks(values, ALPHA, 0, 0)
    yield _line("diurnal", "these hosts, this period", values, rate(found, so_far), note="widens", truth=so_far)
    missed = _missed(values, so_far)
    yield _line("diurnal", "its mean is in the interval", values, missed, note="widens", truth=so_far)
    yield _line(
        "diurnal", "the whole day, from a part of it", values, None, note="refuses: names the time it speaks of"
    )


def _missed(values: Array, truth: Array) -> float:
    """Return in how many experiments the mean so far was outside the interval at any of a few looks."""
    rows, looks_at = min(len(values), _ROWS), range(_EVERY, values.shape[-1] + 1, _EVERY)
    missed = 0
    for row in range(rows):
        intervals = [(mean_interval(values[row, :count], ALPHA), truth[row, count - 1]) for count in looks_at]
        missed += any(not interval.low <= mean <= interval.high for interval, mean in intervals)
    return missed / rows


def _hosts(generator: np.random.Generator, experiments: int, windows: int) -> Iterator[Line]:
    values = host_mix(generator, experiments, windows, balanced=True).mean(axis=1)
    product = rate(looks(values, ALPHA, 0, 0))
    yield _line("host mix", "these hosts, this period", values, product, note="holds")
    hosts = host_mix(generator, experiments, windows, balanced=False)
    values = hosts.mean(axis=1)
    means = hosts.mean(axis=-1)
    intervals = [strata_interval([row], ALPHA) for row in means[: min(experiments, 2000)]]
    beyond = float(np.mean([it.low > 0 or it.high < 0 for it in intervals]))
    yield _line("host mix", "the fleet, six hosts drawn", values, beyond, note="hosts are the units, one look")


def _missing(generator: np.random.Generator, experiments: int, windows: int) -> Iterator[Line]:
    values = normal(generator, experiments, windows)
    at_random = np.where(generator.random(values.shape) < 0.03, np.nan, values)
    chosen = np.where((values < -0.2) & (generator.random(values.shape) < 0.3), np.nan, values)
    for name, holed in (("missing windows, at random", at_random), ("missing windows, the worst of them", chosen)):
        heard, seen = compressed(holed)
        gathered = [np.take_along_axis(it, seen, axis=-1) & (seen >= 0) for it in betting(heard, ALPHA)]
        often = [np.take_along_axis(it, seen, axis=-1) for it in peeking(heard, ALPHA)]
        once = [np.take_along_axis(it, seen[:, -1:], axis=-1) for it in peeking(heard, ALPHA)]
        yield Line(
            name,
            "these hosts, this period",
            rate(_with_unknown(heard, seen)),
            rate((gathered[0], gathered[1])),
            rate((often[0], often[1])),
            rate((once[0], once[1])),
            "widens by the worst they can be",
        )


def compressed(holed: Array) -> tuple[Array, NDArray[np.int64]]:
    """Return the windows that came, first, and which of them was the last at each look (0 before any came)."""
    gone = np.isnan(holed)
    heard = np.take_along_axis(holed, np.argsort(gone, axis=-1, kind="stable"), axis=-1)
    return np.nan_to_num(heard), np.maximum(np.cumsum(~gone, axis=-1) - 1, 0)


def _with_unknown(heard: Array, seen: NDArray[np.int64]) -> Looks:
    """Return what the product says: the bound is as much higher as the share of missing windows asks for.

    `(1 - p) low - p > 0` is `low > p / (1 - p)`; bounds are rounded down to half a percent, which only adds verdicts.
    """
    share = 1 - (seen + 1) / np.arange(1, seen.shape[-1] + 1)
    steps = np.where(share <= MISSING, np.floor(share / (1 - share) / _STEP + 1e-9), -1).astype(int)
    above = np.zeros(seen.shape, dtype=bool)
    below = np.zeros(seen.shape, dtype=bool)
    for step in np.unique(steps[steps >= 0]):
        over, under = looks(heard, ALPHA, step * _STEP, -step * _STEP)
        above |= (steps == step) & np.take_along_axis(over, seen, axis=-1)
        below |= (steps == step) & np.take_along_axis(under, seen, axis=-1)
    return above, below
