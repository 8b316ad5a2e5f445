"""Comparing captures as trees: the same batches, nodes and points in the same order, byte for byte."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from phoenix.telemetry.buffers import values_list
from phoenix.telemetry.capture import Capture, Points


def same_tree(first: Capture, second: Capture) -> bool:
    """Return whether both hold the same requests; when they were received and where they came from aside."""
    return tree_difference(first, second) is None


def tree_difference(first: Capture, second: Capture) -> str | None:
    """Return the first difference of two trees in words, or None when they are the same.

    Order counts everywhere, in maps too: values compare as bytes.
    """
    if len(first.batches) != len(second.batches):
        return f"{len(first.batches)} batches became {len(second.batches)}"
    for level, left, right in zip(("resource", "scope", "metric"), _levels(first), _levels(second), strict=True):
        for column, (one, other) in (("parent", (left[0], right[0])), ("value", _met(*left[1:], *right[1:]))):
            if (found := _unequal(f"{level} nodes", f"{column} of {level}", one, other)) is not None:
                return found
    for name, one, other in _point_columns(first.points, second.points):
        if (found := _unequal("points", f"{name} of point", one, other)) is not None:
            return found
    return None


_Numbers = NDArray[np.generic]


def _levels(capture: Capture) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], pa.BinaryArray]]:
    for nodes in (capture.resources, capture.scopes, capture.metrics):
        yield nodes.parent, nodes.value, nodes.values


def _point_columns(first: Points, second: Points) -> Iterator[tuple[str, _Numbers, _Numbers]]:
    for name in ("metric", "start_time", "time", "flags", "kind", "bits"):
        yield name, getattr(first, name), getattr(second, name)
    yield "attributes", *_met(first.attributes, first.attribute_values, second.attributes, second.attribute_values)
    yield "rest", *_met(first.rest, first.rest_values, second.rest, second.rest_values)


def _met(
    value: NDArray[np.int32], values: pa.BinaryArray, other: NDArray[np.int32], other_values: pa.BinaryArray
) -> tuple[_Numbers, _Numbers]:
    # Both columns with numbers that mean the same bytes; -1 stays.
    known: dict[bytes, int] = {}
    tables = [
        np.array([*(known.setdefault(held, len(known)) for held in values_list(table)), -1], dtype=np.int64)
        for table in (values, other_values)
    ]
    return tables[0][value], tables[1][other]


def _unequal(what: str, place: str, left: _Numbers, right: _Numbers) -> str | None:
    if len(left) != len(right):
        return f"{len(left)} {what} became {len(right)}"
    rows = np.flatnonzero(left != right)
    return f"{place} {rows[0]} differs" if len(rows) else None
