"""The collector and the engine's functions side by side: what they do not agree on."""

from collections.abc import Sequence
from typing import Any

from tests.support.functions.calls import Refused, worked_out, written
from tests.support.functions.oracle import collector_results

from phoenix.collector.replay.harness import HarnessReplay
from phoenix.engine.columns import Failed
from phoenix.engine.values.value import Map, Value, identity


def disagreements(
    harness: HarnessReplay, expressions: Sequence[Any], rows: Sequence[Map], *, refused: int | None = 0
) -> list[str]:
    """Return each expression and row that the two answer differently, in words.

    Args:
        harness: the collector's code.
        expressions: what to work out.
        rows: attributes to work it out on.
        refused: how many answers the engine may refuse to give, no more and no less; None for any number.
    """
    found, refusals = [], 0
    for expression, results in zip(expressions, collector_results(harness, expressions, rows), strict=True):
        for row, expected in zip(rows, results, strict=True):
            got = worked_out(expression, row)
            if isinstance(got, Refused):
                refusals += 1
            elif not _same(expected, got):
                found.append(f"{written(expression)} on {row}: {expected!r}, not {got!r}")
    if refused is not None and refusals != refused:
        found.append(f"{refusals} answers were refused")
    return found


def _same(expected: Value | Failed, got: Value | Failed) -> bool:
    if isinstance(expected, Failed) or isinstance(got, Failed):
        return isinstance(expected, Failed) and isinstance(got, Failed)
    return identity(expected) == identity(_plain(got))


def _plain(value: Value) -> Value:
    # As an attribute holds it.
    match value:
        case tuple():
            return tuple(map(_plain, value))
        case Map():
            return Map.of((key, _plain(held)) for key, held in value.pairs)
        case _:
            return value
