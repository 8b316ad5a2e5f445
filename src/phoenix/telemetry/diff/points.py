"""Comparing captures point for point: what is left when equal points have been paired off, and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.diff.columns import COLUMNS, comparable_columns
from phoenix.telemetry.diff.words import describe_point, describe_series
from phoenix.telemetry.identity import SeriesIndex, index_together

Ints = NDArray[np.int64]


class DifferenceKind(StrEnum):
    """How two captures differ at one point."""

    MISSING = "missing"
    EXTRA = "extra"
    TIME = "time"
    START_TIME = "start_time"
    VALUE = "value"
    TYPE = "type"
    FLAGS = "flags"
    DETAIL = "detail"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Difference:
    """One point that differs.

    Attributes:
        kinds: in what; MISSING (only in the first) and EXTRA (only in the second) stand alone. DETAIL is what points
            hold beside their value, such as buckets and exemplars; CONTEXT is what is no identity: descriptions, schema
            URLs, entities.
        series: the series, in words.
        words: what differs, in words.
    """

    kinds: tuple[DifferenceKind, ...]
    series: str
    words: str


@dataclass(frozen=True, slots=True)
class CaptureDiff:
    """How two captures differ, whatever the order of their points.

    Attributes:
        points: of the first and of the second.
        series: of the first and of the second.
        counts: differing points by kind; one point may count under several.
        differences: the first of them, by series.
    """

    points: tuple[int, int]
    series: tuple[int, int]
    counts: Mapping[DifferenceKind, int]
    differences: Sequence[Difference]

    @property
    def equal(self) -> bool:
        """Every point of one stands in the other, equal in all its parts."""
        return not self.counts


def diff(first: Capture, second: Capture, *, limit: int = 20) -> CaptureDiff:
    """Return how `second` differs from `first`.

    Points are met by series, then by time, then in their order; NaN equals NaN of the same bits. The order of points,
    nodes and maps does not matter, nor how points are spread over nodes.

    Args:
        first: what is expected.
        second: what is looked at.
        limit: how many differences to put into words.
    """
    indexes = index_together([first, second])
    columns = comparable_columns((first, second), indexes)
    left, right = _unpaired(columns)
    pairs, left, right = _met(columns, left, right, by_time=True)
    moved, left, right = _met(columns, left, right, by_time=False)
    found = _Found(first, second, indexes, columns, np.concatenate([pairs, moved], axis=1), left, right)
    return CaptureDiff(
        points=(len(first.points), len(second.points)),
        series=(int(indexes[0].present.sum()), int(indexes[1].present.sum())),
        counts=found.counts(),
        differences=found.in_words(limit),
    )


def _unpaired(columns: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    # Rows whose equal is not on the other side, counting how often each stands.
    keys = _numbered(np.concatenate(columns, axis=1))
    left, right = keys[: columns[0].shape[1]], keys[columns[0].shape[1] :]
    size = int(keys.max()) + 1 if len(keys) else 0
    return (
        np.flatnonzero(_rank(left) >= np.bincount(right, minlength=size)[left]),
        np.flatnonzero(_rank(right) >= np.bincount(left, minlength=size)[right]),
    )


def _met(columns: tuple[Ints, Ints], left: Ints, right: Ints, *, by_time: bool) -> tuple[Ints, Ints, Ints]:
    # Pairs int64[2, n] of rows of one series, and of one time if asked, and the rows that met nobody.
    rows = 2 if by_time else 1
    keys = _numbered(np.concatenate([columns[0][:rows, left], columns[1][:rows, right]], axis=1))
    mine, other = keys[: len(left)], keys[len(left) :]
    both = _numbered(np.stack([keys, np.concatenate([_rank(mine), _rank(other)])]))
    _, at_left, at_right = np.intersect1d(both[: len(left)], both[len(left) :], return_indices=True)
    return np.stack([left[at_left], right[at_right]]), np.delete(left, at_left), np.delete(right, at_right)


def _numbered(columns: Ints) -> Ints:
    # One number for each combination, in the order first seen.
    number = np.zeros(columns.shape[1], dtype=np.int64)
    for column in columns:
        number = _dense(number << 31 | _dense(column))
    return number


def _dense(keys: Ints) -> Ints:
    return pa.array(keys).dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _rank(keys: Ints) -> Ints:
    # How many equal keys stand before each.
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order] = np.arange(len(keys)) - np.searchsorted(ordered, ordered)
    return rank


# Rows of the compared columns, from the second on, and the difference that each is.
_KINDS = tuple(DifferenceKind(name) for name in COLUMNS[1:])


@dataclass(frozen=True, slots=True)
class _Found:
    first: Capture
    second: Capture
    indexes: list[SeriesIndex]
    columns: tuple[Ints, Ints]
    pairs: Ints
    missing: Ints
    extra: Ints

    def counts(self) -> dict[DifferenceKind, int]:
        differs = (self.columns[0][:, self.pairs[0]] != self.columns[1][:, self.pairs[1]]).sum(axis=1)[1:]
        counts = {kind: int(count) for kind, count in zip(_KINDS, differs, strict=True)}
        counts |= {DifferenceKind.MISSING: len(self.missing), DifferenceKind.EXTRA: len(self.extra)}
        return {kind: count for kind, count in counts.items() if count}

    def in_words(self, limit: int) -> list[Difference]:
        told = [
            *((self.columns[0][0, a], 0, a, b) for a, b in self.pairs.T[:limit].tolist()),
            *((self.columns[0][0, row], 1, row, -1) for row in self.missing[:limit].tolist()),
            *((self.columns[1][0, row], 2, -1, row) for row in self.extra[:limit].tolist()),
        ]
        return [self._difference(a, b) for _, _, a, b in sorted(told)[:limit]]

    def _difference(self, a: int, b: int) -> Difference:
        if b < 0:
            words = f"the second lacks {describe_point(self.first, a)}" + self._of_series(a, 0)
            return Difference((DifferenceKind.MISSING,), describe_series(self.first, a), words)
        if a < 0:
            words = f"the first lacks {describe_point(self.second, b)}" + self._of_series(b, 1)
            return Difference((DifferenceKind.EXTRA,), describe_series(self.second, b), words)
        differs = self.columns[0][1:, a] != self.columns[1][1:, b]
        kinds = tuple(kind for kind, unequal in zip(_KINDS, differs, strict=True) if unequal)
        became = f"{describe_point(self.first, a)} became {describe_point(self.second, b)}"
        words = f"{became} (differs in {', '.join(kinds)})"
        return Difference(kinds, describe_series(self.first, a), words)

    def _of_series(self, row: int, side: int) -> str:
        series = self.indexes[side].ids[row]
        return "" if self.indexes[1 - side].present[series] else ", and the whole series"
