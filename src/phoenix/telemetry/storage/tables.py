"""A capture as Arrow tables, one for each node table, value table and the points; the shape of the stored format."""

from collections.abc import Mapping
from typing import Any, cast

import pyarrow as pa
from numpy.typing import NDArray

from phoenix.telemetry.capture import Capture, Nodes, Points

_NODE_COLUMNS = ("batch", "parent", "position", "value")
_POINT_COLUMNS: Mapping[str, pa.DataType] = {
    "metric": pa.int32(),
    "attributes": pa.int32(),
    "start_time": pa.uint64(),
    "time": pa.uint64(),
    "flags": pa.uint32(),
    "kind": pa.uint8(),
    "bits": pa.int64(),
    "rest": pa.int32(),
}


def to_tables(capture: Capture) -> dict[str, pa.Table]:
    """Return the tables by name; values stand in `<level>_values`, column `value`."""
    points = capture.points
    tables = {"batches": pa.table({"received_at": capture.batches})}
    for name, nodes in (("resource", capture.resources), ("scope", capture.scopes), ("metric", capture.metrics)):
        tables[f"{name}s"] = pa.table({column: getattr(nodes, column) for column in _NODE_COLUMNS})
        tables[f"{name}_values"] = pa.table({"value": nodes.values})
    tables["points"] = pa.table({column: getattr(points, column) for column in _POINT_COLUMNS})
    tables["attribute_values"] = pa.table({"value": points.attribute_values})
    tables["rest_values"] = pa.table({"value": points.rest_values})
    return tables


def from_tables(tables: Mapping[str, pa.Table]) -> Capture:
    """Return the capture that `to_tables` gave, of unknown origin.

    Raises:
        KeyError: a table or column is missing.
        ValueError: a column has another type or holds nulls.
    """
    points = tables["points"]
    return Capture(
        batches=_numbers(tables["batches"], "received_at", pa.uint64()),
        resources=_nodes(tables, "resource"),
        scopes=_nodes(tables, "scope"),
        metrics=_nodes(tables, "metric"),
        points=Points(
            **{column: _numbers(points, column, kind) for column, kind in _POINT_COLUMNS.items()},
            attribute_values=_values(tables["attribute_values"]),
            rest_values=_values(tables["rest_values"]),
        ),
    )


def _nodes(tables: Mapping[str, pa.Table], name: str) -> Nodes:
    columns = {column: _numbers(tables[f"{name}s"], column, pa.int32()) for column in _NODE_COLUMNS}
    return Nodes(**columns, values=_values(tables[f"{name}_values"]))


def _numbers(table: pa.Table, column: str, kind: pa.DataType) -> NDArray[Any]:
    stored = table.column(column)
    if stored.type != kind or stored.null_count:
        raise ValueError(f"column {column} is {stored.type} with {stored.null_count} nulls")
    numbers = stored.to_numpy()
    numbers.flags.writeable = False
    return numbers


def _values(table: pa.Table) -> pa.BinaryArray:
    stored = table.column("value")
    if stored.type != pa.binary() or stored.null_count:
        raise ValueError(f"column value is {stored.type} with {stored.null_count} nulls")
    chunks = cast("list[pa.BinaryArray]", stored.chunks)
    return pa.concat_arrays(chunks) if chunks else pa.array([], type=pa.binary())
