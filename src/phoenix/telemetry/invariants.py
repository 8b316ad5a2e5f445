"""What is true of every capture. Checked where one comes from outside: when loaded, and before kernels trust it."""

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.capture import Capture, Nodes, PointKind
from phoenix.telemetry.errors import CaptureCorruptError


def verify(capture: Capture) -> None:
    """Check parents, order and value numbers; a few passes over the columns, none over values.

    Raises:
        CaptureCorruptError: names the table, the column and the first row that is wrong.
    """
    _verify_nodes("resources", capture.resources, len(capture.batches), None)
    _verify_nodes("scopes", capture.scopes, len(capture.resources), capture.resources.batch)
    _verify_nodes("metrics", capture.metrics, len(capture.scopes), capture.scopes.batch)
    points = capture.points
    for column in ("attributes", "start_time", "time", "flags", "kind", "bits", "rest"):
        _same_length("points", column, getattr(points, column), len(points))
    _in_order("points", "metric", points.metric, len(capture.metrics))
    _in_range("points", "attributes", points.attributes, 0, len(points.attribute_values))
    _in_range("points", "rest", points.rest, -1, len(points.rest_values))
    _in_range("points", "kind", points.kind, 0, len(PointKind))


def _verify_nodes(table: str, nodes: Nodes, parents: int, parent_batch: NDArray[np.int32] | None) -> None:
    for column in ("batch", "position", "value"):
        _same_length(table, column, getattr(nodes, column), len(nodes))
    _in_order(table, "parent", nodes.parent, parents)
    _in_range(table, "value", nodes.value, 0, len(nodes.values))
    batch = nodes.parent if parent_batch is None else parent_batch[nodes.parent]
    _none_of(table, "batch", nodes.batch != batch)
    first = np.searchsorted(nodes.parent, nodes.parent)
    _none_of(table, "position", nodes.position != np.arange(len(nodes)) - first)


def _same_length(table: str, column: str, values: NDArray[np.generic], length: int) -> None:
    if len(values) != length:
        raise CaptureCorruptError(f"{table}.{column} has {len(values)} rows where {length} are expected")


def _in_order(table: str, column: str, parent: NDArray[np.int32], parents: int) -> None:
    _in_range(table, column, parent, 0, parents)
    falls = np.zeros(len(parent), dtype=np.bool_)
    falls[1:] = parent[1:] < parent[:-1]
    _none_of(table, column, falls)


def _in_range(table: str, column: str, values: NDArray[np.int32] | NDArray[np.uint8], least: int, count: int) -> None:
    if len(values) and not (least <= int(values.min()) and int(values.max()) < count):
        _none_of(table, column, (values < least) | (values >= count))


def _none_of(table: str, column: str, wrong: NDArray[np.bool_]) -> None:
    if wrong.any():
        row = int(wrong.argmax())
        raise CaptureCorruptError(f"{table}.{column} of row {row} is not possible", table=table, column=column, row=row)
