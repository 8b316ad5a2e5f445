"""Which metrics and points a filter means; looked at once per distinct metric and map of attributes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Int32s, Level, Mask
from phoenix.engine.pool import Pool
from phoenix.engine.processors.attraction.patterns import Pattern
from phoenix.engine.processors.metric_transforms.settings import Filter
from phoenix.engine.values.value import Map

T = TypeVar("T")
Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matches:
    """What a filter finds in a frame, over the metric rows; dropped metrics and points are not there.

    Attributes:
        any: bool, the name matches, and a point or none is there that does.
        all: bool, every point matches, whatever the name.
        points: bool over the points: it matches, whatever its metric; None for all.
        counts: int64, the metric's points.
        matching: int64, those of them that match.
    """

    any: Mask
    all: Mask
    points: Mask | None
    counts: Int64s
    matching: Int64s


def find(frame: Frame, chosen: Filter, acting: Mask) -> Matches:
    """Return what a filter finds; `acting` is bool over the metric rows: the others are left alone."""
    metric = frame.points.metric
    alive = frame.alive(Level.POINT)
    counts = np.bincount(metric if alive is None else metric[alive], minlength=len(frame.metrics))
    points = matching_points(frame, chosen)
    matching = counts
    if points is not None:
        matching = np.bincount(metric[points if alive is None else points & alive], minlength=len(frame.metrics))
    named = acting & marks(frame.pools.metrics, frame.metrics.value, lambda node: _is(chosen.include, node.name))
    return Matches(named & ((counts == 0) | (matching > 0)), matching == counts, points, counts, matching)


def matching_points(frame: Frame, chosen: Filter) -> Mask | None:
    """Return bool over the points: its labels are what the filter wants (matchAttrs); None for all."""
    if not chosen.labels:
        return None

    def match(held: Map) -> bool:
        return all(_is(wanted, text_of(held, key)) for key, wanted in chosen.labels.items())

    return marks(frame.pools.attributes, frame.points.attributes, match)


def marks(pool: Pool[T], rows: Int32s, test: Callable[[T], bool]) -> Mask:
    """Return bool for each of these rows of a pool, tested once per distinct row."""
    used = np.zeros(len(pool), dtype=np.bool_)
    used[rows] = True
    table = np.zeros(len(pool), dtype=np.bool_)
    for row in np.flatnonzero(used).tolist():
        table[row] = test(pool[row])
    return table[rows]


def text_of(held: Map, key: str) -> str:
    """Return the text of an attribute; "" for what is no text, or not there (Value.Str)."""
    return said(held.get(key))


def said(value: Any) -> str:
    """Return Value.Str."""
    return value if isinstance(value, str) else ""


def _is(wanted: str | Pattern, text: str) -> bool:
    return wanted.matches(text) if isinstance(wanted, Pattern) else wanted == text
