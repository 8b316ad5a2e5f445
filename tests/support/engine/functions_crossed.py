"""Every call of a table on every value of a list, by the collector and by the engine's functions: what differs.

One point a value, in attribute "a"; one statement a call, which leaves its result in an attribute of its own, or none
where it failed. A call is written once and read twice: as OTTL, and as a call of the Python functions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.evaluator import Evaluator
from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.values.codec import read_map, write_value
from phoenix.engine.values.lists import Anys
from phoenix.engine.values.value import Map, Value, identity
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode
from phoenix.telemetry.values.message import FIXED64, length_field

FIRST = 1_700_000_000_000_000_000
FAILED = "failed"


class Attribute:
    """The value at hand."""


A = Attribute()


@dataclass(frozen=True)
class Call:
    """A function with its arguments by name: literals, the value at hand, calls, a function's name."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Named:
    """A converter given as an argument."""

    name: str


def call(name: str, /, **arguments: Any) -> Call:
    return Call(name, arguments)


def written(part: Any) -> str:
    """Return a part of a call as OTTL."""
    match part:
        case Attribute():
            return 'datapoint.attributes["a"]'
        case Call():
            # The struct field URI has no name that a statement could say.
            arguments = (
                written(value) if name == "uri" else f"{name}={written(value)}"
                for name, value in part.arguments.items()
            )
            return f"{part.name}({', '.join(arguments)})"
        case Named():
            return part.name
        case None:
            return "nil"
        case bool():
            return "true" if part else "false"
        case str():
            escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
            return f'"{escaped}"'
        case bytes():
            return f"0x{part.hex()}"
        case Map():
            return "{" + ", ".join(f"{written(key)}: {written(value)}" for key, value in part) + "}"
        case list() | tuple():
            return f"[{', '.join(map(written, part))}]"
        case _:
            return str(part)


def worked_out(part: Any, value: Value, functions: Mapping[str, Any]) -> Any:
    """Return what a part of a call is for one value.

    Raises:
        OttlRuntimeError: a function failed.
    """
    match part:
        case Attribute():
            return value
        case Call():
            arguments = {name: worked_out(each, value, functions) for name, each in part.arguments.items()}
            return functions[part.name](**arguments)
        case Named():
            return functions[part.name]
        case list():
            return Anys(worked_out(each, value, functions) for each in part)
        case Map():
            return Map.of((key, _in_map(worked_out(each, value, functions))) for key, each in part)
        case _:
            return part


def _in_map(value: Value) -> Value:
    return tuple(value) if isinstance(value, Anys) else value


def outcome(part: Any, value: Value, functions: Mapping[str, Any]) -> Any:
    """Return what a call gives for one value, or `FAILED` in a map of its own."""
    try:
        return worked_out(part, value, functions)
    except OttlRuntimeError:
        return Map.of([(FAILED, None)])


def capture_of(values: Sequence[Value]) -> Capture:
    """Return a capture with one point a value, in attribute "a"."""
    points = [
        bytes([3 << 3 | FIXED64])
        + (FIRST + index).to_bytes(8, "little")
        + length_field(7, length_field(1, b"a") + length_field(2, write_value(value)))
        for index, value in enumerate(values)
    ]
    gauge = b"".join(length_field(1, point) for point in points)
    metric = length_field(1, b"m") + length_field(5, gauge)
    resource = length_field(2, length_field(2, metric))
    return decode([length_field(1, resource)], received_at=[FIRST])


def attributes_of(capture: Capture) -> list[Map]:
    """Return the attributes of each point in the order of their times."""
    order = capture.points.time.argsort(kind="stable")
    return [read_map(capture.points.attribute_values[int(row)].as_py()) for row in capture.points.attributes[order]]


def transformed(evaluator: Evaluator, statements: Sequence[str], capture: Capture) -> list[Map]:
    """Return the attributes that a transform processor leaves, statements that fail left out."""
    quoted = "".join(f"\n      - '{_yaml(statement)}'" for statement in statements)
    processor = f"\n  transform:\n    error_mode: ignore\n    metric_statements:{quoted}"
    return attributes_of(evaluator.evaluate(metrics_config("transform", processor), capture))


def differences(
    evaluator: Evaluator, calls: Sequence[Any], values: Sequence[Value], functions: Mapping[str, Any]
) -> list[str]:
    """Return a line for each call and value on which the collector and the functions differ."""
    statements = [f'set(datapoint.attributes["o{index}"], {written(each)})' for index, each in enumerate(calls)]
    answers = transformed(evaluator, statements, capture_of(values))
    return list(_compared(calls, values, answers, functions))


def edited_differences(
    evaluator: Evaluator, calls: Sequence[Call], values: Sequence[Value], editors: Mapping[str, Any]
) -> list[str]:
    """Return the same for editors, whose argument `target` is a copy of the value at hand."""
    statements = []
    for index, each in enumerate(calls):
        target = f'datapoint.attributes["o{index}"]'
        said = "".join(f", {name}={written(value)}" for name, value in each.arguments.items())
        statements += [f'set({target}, datapoint.attributes["a"])', f"{each.name}({target}{said})"]
    answers = transformed(evaluator, statements, capture_of(values))
    lines = []
    for value, answer in zip(values, answers, strict=True):
        for index, each in enumerate(calls):
            try:
                arguments = {name: worked_out(part, value, editors) for name, part in each.arguments.items()}
                mine = editors[each.name](value, **arguments)
            except OttlRuntimeError:
                mine = value
            theirs = answer.get(f"o{index}")
            if _comparable(mine) != _comparable(theirs):
                lines.append(f"{each} on {value!r}:\n    collector {theirs!r}\n    engine    {mine!r}")
    return lines


def _compared(
    calls: Sequence[Any], values: Sequence[Value], answers: Sequence[Map], functions: Mapping[str, Any]
) -> Iterator[str]:
    for value, answer in zip(values, answers, strict=True):
        for index, each in enumerate(calls):
            key = f"o{index}"
            theirs = answer.get(key) if key in answer else Map.of([(FAILED, None)])
            mine = outcome(each, value, functions)
            if _comparable(mine) != _comparable(theirs):
                yield f"{written(each)} on {value!r}:\n    collector {theirs!r}\n    engine    {mine!r}"


def _comparable(value: Value) -> Any:
    # Go's maps have no order.
    match value:
        case Map():
            return ("map", tuple(sorted(((key, repr(_comparable(held))) for key, held in value), key=repr)))
        case tuple():
            # What becomes an attribute is a plain list.
            return ("slice", tuple(map(_comparable, value)))
        case _:
            return identity(value)


def _yaml(statement: str) -> str:
    return statement.replace("'", "''").replace("$", "$$")
