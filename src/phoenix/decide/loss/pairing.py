"""Which series of the input is which series of the output. Everything else in the loss check starts from this.

A series is paired with the output's series of the same identity. Where the identity changed but the process did not
(an attribute was stripped or added, a counter became a delta), a pair is still made if it is the only one possible: the
same process by host, pid and executable name, the same metric name, the same point attributes. A resource that is no
process is recognised by the attributes that both captures use. Such a series is called reidentified: a backend begins
it anew, but nothing of it is gone.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.loss.observed import Observed
from phoenix.decide.loss.process import process_of
from phoenix.telemetry.values import Attributes, read_attributes

UNPAIRED = -1


@dataclass(frozen=True)
class Pairing:
    """Two captures with their series matched.

    Attributes:
        before: the input.
        after: the output.
        names: distinct metric names of both, sorted.
        name_before: int32[series before], row of `names`.
        name_after: int32[series after], row of `names`.
        after_of: int64[series before], the series of the output that it became, or -1.
        before_of: int64[series after], the series of the input that it was, or -1: made by the pipeline.
        exact_before: bool[series before], the identity is in the output as it was.
        exact_after: bool[series after], the identity was in the input.
    """

    before: Observed
    after: Observed
    names: tuple[str, ...]
    name_before: NDArray[np.int32]
    name_after: NDArray[np.int32]
    after_of: NDArray[np.int64]
    before_of: NDArray[np.int64]
    exact_before: NDArray[np.bool_]
    exact_after: NDArray[np.bool_]

    @property
    def reidentified(self) -> NDArray[np.bool_]:
        """bool[series before]: paired, under another identity."""
        return ~self.missing & ~self.exact_before

    @property
    def missing(self) -> NDArray[np.bool_]:
        """bool[series before]: not in the output under any identity."""
        return np.equal(self.after_of, UNPAIRED)

    @property
    def made(self) -> NDArray[np.bool_]:
        """bool[series after]: not in the input under any identity; the pipeline made it."""
        return np.equal(self.before_of, UNPAIRED)

    def carried(self, series: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return bool[series after]: what `series`, bool[series before], says of the series that each one was."""
        answer = np.zeros(len(self.after), np.bool_)
        known = ~self.made
        answer[known] = series[self.before_of[known]]
        return answer


def pair(before: Observed, after: Observed) -> Pairing:
    """Return the pairing of an input and an output. O(S log S) for S series."""
    names, (name_before, name_after) = _shared_names(before, after)
    position = np.searchsorted(after.hashes, before.hashes)
    found = np.zeros(len(before), np.bool_)
    inside = position < len(after)
    found[inside] = after.hashes[position[inside]] == before.hashes[inside]
    after_of = np.where(found, position, UNPAIRED).astype(np.int64)
    exact_after = np.zeros(len(after), np.bool_)
    exact_after[after_of[found]] = True
    if not found.all() and not exact_after.all():
        loose_before, loose_after = _loose_keys(before, after, name_before, name_after)
        _pair_loosely(after_of, (loose_before, ~found), (loose_after, ~exact_after))
    before_of = np.full(len(after), UNPAIRED, np.int64)
    paired = np.flatnonzero(after_of != UNPAIRED)
    before_of[after_of[paired]] = paired
    return Pairing(before, after, names, name_before, name_after, after_of, before_of, found, exact_after)


def _shared_names(before: Observed, after: Observed) -> tuple[tuple[str, ...], list[NDArray[np.int32]]]:
    names = sorted({metric.name for side in (before, after) for metric in side.metrics.values()})
    code = {name: number for number, name in enumerate(names)}
    return tuple(names), [
        _spread(side.metric, {row: code[metric.name] for row, metric in side.metrics.items()})
        for side in (before, after)
    ]


def _spread(rows: NDArray[np.int32], code: Mapping[int, int]) -> NDArray[np.int32]:
    """Return the code of each row, given the code of each distinct row."""
    table = np.zeros(max(code, default=-1) + 1, np.int32)
    table[list(code)] = list(code.values())
    return table[rows]


def _loose_keys(
    before: Observed, after: Observed, name_before: NDArray[np.int32], name_after: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each series of both sides a number that stays equal when only its identity changed."""
    shared = _shared_keys(before, after)
    anchors = _code(
        before.resource, after.resource, _looker(before.resources, shared), _looker(after.resources, shared)
    )
    marks = _code(before.attributes, after.attributes, _attribute_looker(before), _attribute_looker(after))
    anchor_count = 1 + max(int(anchor.max()) for anchor in anchors)
    mark_count = 1 + max(int(mark.max()) for mark in marks)
    before_keys, after_keys = (
        (name.astype(np.int64) * anchor_count + anchor) * mark_count + mark
        for name, anchor, mark in zip((name_before, name_after), anchors, marks, strict=True)
    )
    _, key = np.unique(np.concatenate([before_keys, after_keys]), return_inverse=True)
    return key[: len(before)], key[len(before) :]


def _shared_keys(before: Observed, after: Observed) -> frozenset[str]:
    used = [{key for resource in side.resources.values() for key in resource} for side in (before, after)]
    return frozenset(used[0] & used[1])


def _looker(resources: Mapping[int, Attributes], shared: frozenset[str]) -> Callable[[int], Hashable]:
    def anchor(row: int) -> Hashable:
        resource = resources[row]
        process = process_of(resource)
        if process is not None:
            return "process", process.narrowed(shared)
        return "resource", _canonical((key, value) for key, value in resource.items() if key in shared)

    return anchor


def _attribute_looker(side: Observed) -> Callable[[int], Hashable]:
    values = side.capture.points.attribute_values
    return lambda row: _canonical(read_attributes(values[row].as_py()).items())


def _canonical(items: Iterable[tuple[str, object]]) -> Hashable:
    # True and 1 are equal in Python and two values in OTLP.
    return tuple(sorted((key, type(value).__name__, repr(value)) for key, value in items))


def _code(
    rows_before: NDArray[np.int32],
    rows_after: NDArray[np.int32],
    look_before: Callable[[int], Hashable],
    look_after: Callable[[int], Hashable],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Number what each distinct row says, alike on both sides."""
    seen: dict[Hashable, int] = {}
    before, after = (
        _spread(rows, {int(row): seen.setdefault(look(int(row)), len(seen)) for row in np.unique(rows)})
        for rows, look in ((rows_before, look_before), (rows_after, look_after))
    )
    return before, after


def _pair_loosely(
    after_of: NDArray[np.int64],
    before: tuple[NDArray[np.int64], NDArray[np.bool_]],
    after: tuple[NDArray[np.int64], NDArray[np.bool_]],
) -> None:
    """Enter pairs of equal key into `after_of`, where the key is the only one of its kind on both sides."""
    (key_before, open_before), (key_after, open_after) = before, after
    size = int(max(key_before.max(), key_after.max())) + 1
    single = (np.bincount(key_before, minlength=size) == 1) & (np.bincount(key_after, minlength=size) == 1)
    holder = np.full(size, UNPAIRED, np.int64)
    offered = np.flatnonzero(open_after & single[key_after])
    holder[key_after[offered]] = offered
    seekers = np.flatnonzero(open_before & single[key_before])
    after_of[seekers] = holder[key_before[seekers]]
