"""Simulated experiments without a true effect: what each window's share saved looks like, for many at once.

Each kind of data gives float64 [experiments, windows] in [-1, 1], as the estimand is.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DAY = 1440


Kind = Callable[[np.random.Generator, int, int], Array]


def normal(generator: np.random.Generator, experiments: int, windows: int) -> Array:
    """Independent normal shares."""
    return np.clip(generator.normal(0, 0.2, (experiments, windows)), -1, 1)


def heavy_tailed(generator: np.random.Generator, experiments: int, windows: int) -> Array:
    """Both arms hold amounts whose largest are a hundred times the usual (log-normal)."""
    before, after = np.exp(generator.normal(0, 1.5, (2, experiments, windows)))
    return np.asarray((before - after) / np.maximum(before, after))


def autocorrelated(correlation: float, spread: float) -> Kind:
    """Return a kind whose windows remember the one before them."""

    def make(generator: np.random.Generator, experiments: int, windows: int) -> Array:
        noise = generator.normal(size=(windows, experiments))
        found = np.empty((windows, experiments))
        found[0] = noise[0]
        for now in range(1, windows):
            found[now] = correlation * found[now - 1] + np.sqrt(1 - correlation**2) * noise[now]
        return np.clip(spread * found.T, -1, 1)

    return make


def bursty_churn(generator: np.random.Generator, experiments: int, windows: int) -> Array:
    """Quiet, but for bursts of ten windows or so in which one arm holds far more."""
    chance, stay = 0.02, 0.9
    burning = generator.random(experiments) < chance / (chance + 1 - stay)
    height = _height(generator, experiments)
    found = np.empty((windows, experiments))
    for now in range(windows):
        begins = ~burning & (generator.random(experiments) < chance)
        ends = burning & (generator.random(experiments) > stay)
        height = np.where(begins, _height(generator, experiments), height)
        burning = (burning | begins) & ~ends
        found[now] = np.where(burning, height, 0.0) + generator.normal(0, 0.02, experiments)
    return np.clip(found.T, -1, 1)


def diurnal_mean(generator: np.random.Generator, experiments: int, windows: int) -> Array:
    """The mean of each window of a day whose mean is zero, begun at any time of it."""
    begun = generator.random((experiments, 1)) * 2 * np.pi
    return np.asarray(0.2 * np.sin(2 * np.pi * np.arange(windows) / DAY + begun))


def host_mix(generator: np.random.Generator, experiments: int, windows: int, *, balanced: bool) -> Array:
    """[experiments, 6 hosts, windows]: half of a fleet saves 30 %, the other half grows by it.

    The hosts are drawn at random, or, balanced, three of each half, so that their own mean is zero too.
    """
    hosts = 6
    order = generator.random((experiments, hosts, 1))
    saves = order.argsort(axis=1) < hosts // 2 if balanced else order < 0.5
    return np.clip(np.where(saves, 0.3, -0.3) + generator.normal(0, 0.1, (experiments, hosts, windows)), -1, 1)


def _height(generator: np.random.Generator, count: int) -> Array:
    sign = np.where(generator.random(count) < 0.5, 1.0, -1.0)
    return np.asarray(sign * generator.uniform(0.3, 0.9, count))


PLAIN: Mapping[str, Kind] = MappingProxyType(
    {
        "normal": normal,
        "heavy-tailed": heavy_tailed,
        "autocorrelated 0.5": autocorrelated(0.5, 0.2),
        "autocorrelated 0.8": autocorrelated(0.8, 0.2),
        "autocorrelated 0.9, wide": autocorrelated(0.9, 0.6),
        "autocorrelated 0.99": autocorrelated(0.99, 0.2),
        "bursty churn": bursty_churn,
    }
)
