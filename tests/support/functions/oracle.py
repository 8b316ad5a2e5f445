"""What the collector makes of many expressions on many sets of attributes, in one evaluation of the harness."""

import json
import struct
from collections.abc import Callable, Sequence
from typing import Any

from tests.support.functions.calls import Call, Compared, edit_written, written
from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.engine.columns import Failed
from phoenix.engine.values.codec import read_map, write_pairs
from phoenix.engine.values.value import Map, Value
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode
from phoenix.telemetry.values.message import fixed64_field, length_field

# Points are of this moment, at which their request arrives.
ARRIVAL = 1_700_000_000 * 10**9
_ROW = "row"


def attribute_capture(rows: Sequence[Map]) -> Capture:
    """Return a capture of one gauge with a point for each set of attributes, numbered by one more."""
    points = b""
    for number, row in enumerate(rows):
        pairs = write_pairs(row.put(_ROW, number))
        point = b"".join(length_field(7, pair) for pair in pairs)
        point += fixed64_field(3, struct.pack("<Q", ARRIVAL)) + fixed64_field(4, struct.pack("<d", 1.0))
        points += length_field(1, point)
    metric = length_field(1, b"m") + length_field(5, points)
    scope = length_field(1, b"") + length_field(2, metric)
    resource = length_field(1, b"") + length_field(2, scope)
    return decode([length_field(1, resource)])


def transform_config(statements: Sequence[str]) -> ConfigDocument:
    """Return a config whose one processor runs these statements and lets errors pass."""
    settings = {"error_mode": "ignore", "metric_statements": [text.replace("$", "$$") for text in statements]}
    return metrics_config("transform", json.dumps({"transform": settings}))


def collector_results(harness: HarnessReplay, expressions: Sequence[Any], rows: Sequence[Map]) -> list[list[Any]]:
    """Return for each expression what it is on each row: a value, None for nil, `Failed` for an error.

    What no attribute can hold looks like an error.
    """
    statements = []
    for number, expression in enumerate(expressions):
        text = written(expression)
        if isinstance(expression, Compared):
            statements += [f'set(datapoint.attributes["out.{number}"], true) where {text}']
            statements += [f'set(datapoint.attributes["out.{number}"], false) where not ({text})']
            continue
        statements.append(f'set(datapoint.attributes["out.{number}"], {text})')
        absent = f'datapoint.attributes["out.{number}"] == nil'
        statements.append(f'set(datapoint.attributes["nil.{number}"], true) where {absent} and {text} == nil')
    return _told(harness, statements, rows, [_outcome(number) for number in range(len(expressions))])


def collector_edits(harness: HarnessReplay, editors: Sequence[Call], rows: Sequence[Map]) -> list[list[Value]]:
    """Return for each editor what it leaves of a copy of the attribute "a" of each row; None where there is nothing."""
    statements = []
    for number, editor in enumerate(editors):
        target = f'datapoint.attributes["out.{number}"]'
        statements += [f'set({target}, datapoint.attributes["a"])', edit_written(editor, target)]
    return _told(harness, statements, rows, [_left(number) for number in range(len(editors))])


def _told(
    harness: HarnessReplay,
    statements: Sequence[str],
    rows: Sequence[Map],
    readers: Sequence[Callable[[dict[str, Value]], Any]],
) -> list[list[Any]]:
    capture = harness.evaluate(transform_config(statements), attribute_capture(rows))
    values = [read_map(value.as_py()) for value in capture.points.attribute_values]
    found = {row: dict(held.pairs) for held in values if isinstance(row := held.get(_ROW), int)}
    return [[read(found[row]) for row in range(len(rows))] for read in readers]


def _outcome(number: int) -> Callable[[dict[str, Value]], Any]:
    def read(attributes: dict[str, Value]) -> Any:
        if f"out.{number}" in attributes:
            return attributes[f"out.{number}"]
        return None if f"nil.{number}" in attributes else Failed("")

    return read


def _left(number: int) -> Callable[[dict[str, Value]], Any]:
    return lambda attributes: attributes.get(f"out.{number}")
