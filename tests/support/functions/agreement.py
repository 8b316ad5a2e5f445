"""The collector and the engine's functions side by side: what they do not agree on."""

from collections.abc import Iterable, Sequence
from typing import Any

from tests.support.functions.calls import Call, Functions, Refused, edit_written, edited, worked_out, written
from tests.support.functions.oracle import collector_edits, collector_results

from phoenix.collector.replay.harness import HarnessReplay
from phoenix.engine.columns import Failed
from phoenix.engine.functions.registry import CONVERTERS, EDITORS
from phoenix.engine.values.value import Map, Value, identity

_EDITORS: Functions = {**EDITORS, **CONVERTERS}


def disagreements(
    harness: HarnessReplay,
    expressions: Sequence[Any],
    rows: Sequence[Map],
    *,
    refused: int | None = 0,
    functions: Functions = CONVERTERS,
) -> list[str]:
    """Return each expression and row that the two answer differently, in words.

    Args:
        harness: the collector's code.
        expressions: what to work out.
        rows: attributes to work it out on.
        refused: how many answers the engine may refuse to give, no more and no less; None for any number.
        functions: the engine's, by name.
    """
    answers = collector_results(harness, expressions, rows)
    engines = ([worked_out(expression, row, functions) for row in rows] for expression in expressions)
    return _differing(map(written, expressions), rows, answers, engines, refused)


def edit_disagreements(harness: HarnessReplay, editors: Sequence[Call], rows: Sequence[Map]) -> list[str]:
    """Return the same for editors, each on a copy of the attribute "a"; none may be refused."""
    answers = collector_edits(harness, editors, rows)
    engines = ([edited(editor, row, _EDITORS) for row in rows] for editor in editors)
    return _differing((edit_written(editor, "a") for editor in editors), rows, answers, engines, 0)


def _differing(
    said: Iterable[str],
    rows: Sequence[Map],
    answers: Sequence[Sequence[Any]],
    engines: Iterable[Sequence[Any]],
    refused: int | None,
) -> list[str]:
    found, refusals = [], 0
    for text, results, ours in zip(said, answers, engines, strict=True):
        for row, expected, got in zip(rows, results, ours, strict=True):
            if isinstance(got, Refused):
                refusals += 1
            elif not _same(expected, got):
                found.append(f"{text} on {row}: {expected!r}, not {got!r}")
    if refused is not None and refusals != refused:
        found.append(f"{refusals} answers were refused")
    return found


def _same(expected: Value | Failed, got: Value | Failed) -> bool:
    if isinstance(expected, Failed) or isinstance(got, Failed):
        return isinstance(expected, Failed) and isinstance(got, Failed)
    return identity(_plain(expected)) == identity(_plain(got))


def _plain(value: Value) -> Value:
    # As an attribute holds it, and Go's maps have no order.
    match value:
        case tuple():
            return tuple(map(_plain, value))
        case Map():
            pairs = [(key, _plain(held)) for key, held in value.pairs]
            return Map.of(sorted(pairs, key=lambda pair: (pair[0], repr(identity(pair[1])))))
        case _:
            return value
