"""What the collector makes of many expressions on many sets of attributes, in one evaluation of the harness."""

import json
import struct
from collections.abc import Sequence
from typing import Any

from tests.support.functions.calls import Compared, written
from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.engine.columns import Failed
from phoenix.engine.values.codec import read_map, write_pairs
from phoenix.engine.values.value import Map, Value
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode
from phoenix.telemetry.values.message import fixed64_field, length_field

_TIME = 1_790_000_000 * 10**9
_ROW = "row"


def attribute_capture(rows: Sequence[Map]) -> Capture:
    """Return a capture of one gauge with a point for each set of attributes, numbered by one more."""
    points = b""
    for number, row in enumerate(rows):
        pairs = write_pairs(row.put(_ROW, number))
        point = b"".join(length_field(7, pair) for pair in pairs)
        point += fixed64_field(3, struct.pack("<Q", _TIME)) + fixed64_field(4, struct.pack("<d", 1.0))
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
        statements.append(f'set(datapoint.attributes["nil.{number}"], true) where {text} == nil')
    capture = harness.evaluate(transform_config(statements), attribute_capture(rows))
    values = [read_map(value.as_py()) for value in capture.points.attribute_values]
    found = {row: dict(held.pairs) for held in values if isinstance(row := held.get(_ROW), int)}
    return [[_outcome(found[row], number) for row in range(len(rows))] for number in range(len(expressions))]


def _outcome(attributes: dict[str, Value], number: int) -> Any:
    if f"out.{number}" in attributes:
        return attributes[f"out.{number}"]
    return None if f"nil.{number}" in attributes else Failed("")
