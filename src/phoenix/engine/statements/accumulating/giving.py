"""Which rows give to which total: conditions as gates on every level, so that a walk leaves out whole branches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import CONSTANT, Space
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Level, Mask
from phoenix.engine.kernels.accumulating_kernel import ALL, Gates, Given, Runs, give
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.statements.accumulating.recognition import Step, Total
from phoenix.engine.statements.conditions import any_holds
from phoenix.engine.statements.group import Group
from phoenix.engine.tree import fixed, tree_of
from phoenix.ottl.syntax import Expression

# A bit of a byte each.
_MOST_CONDITIONS: Final = 8

Masks = dict[Space, Mask]


@dataclass(frozen=True, slots=True)
class Giving:
    """The rows of each total.

    Attributes:
        totals: in order.
        given: what the walk found, a stream for each total.
        sets: the conditions that are told apart; a step has the bit of its place here.
    """

    totals: Sequence[Total]
    given: Given
    sets: Sequence[tuple[Expression, ...]]

    def runs(self, stream: int) -> Runs:
        """Return the rows of one total."""
        given, count = self.given, self.given.counts[stream]
        starts, stops = given.starts[stream, :count], given.stops[stream, :count]
        return Runs(starts, stops, given.owners[stream, :count], given.bits[stream, :count])

    def rows(self, stream: int) -> NDArray[np.intp]:
        """Return the same rows one by one."""
        runs = self.runs(stream)
        lengths = (runs.stops - runs.starts).astype(np.intp)
        before = np.cumsum(lengths) - lengths
        rows: NDArray[np.intp] = np.arange(lengths.sum()) + np.repeat(runs.starts - before, lengths)
        return rows

    def bit(self, step: Step) -> int:
        """Return the bit of a step's conditions."""
        return 1 << self.sets.index(step.conditions)


def giving(evaluation: Evaluation, group: Group, totals: Sequence[Total]) -> Giving | None:
    """Return the rows of each total; None where a condition may fail, or there are too many different ones."""
    sets: list[tuple[Expression, ...]] = []
    for total in totals:
        sets += [step.conditions for step in total.steps if step.conditions not in sets]
    sets = [one for index, one in enumerate(sets) if one not in sets[:index]]
    if len(sets) > _MOST_CONDITIONS:
        return None
    common: Masks = {}
    if group.conditions:
        holds = any_holds(evaluation, group.conditions, propagates=group.propagates)
        if holds.failed is not None:
            return None
        common[holds.space] = holds.true
    masks = [_masks(evaluation, one, common) for one in sets]
    known = [found for found in masks if found is not None]
    if len(known) < len(masks):
        return None
    frame, level = evaluation.rows.frame, LEVELS[group.context]
    wanted = np.array([_wanted(total, sets) for total in totals], dtype=np.uint8)
    shape = len(totals), frame.size(level)
    given = Given(
        np.empty(shape, dtype=np.int32),
        np.empty(shape, dtype=np.int32),
        np.empty(shape, dtype=np.int32),
        np.empty(shape, dtype=np.uint8),
        np.zeros(len(totals), dtype=np.int64),
    )
    give(tree_of(frame), _gates(evaluation.rows, known), wanted, (int(level), int(_top(totals))), given)
    return Giving(totals, given, sets)


def _masks(evaluation: Evaluation, conditions: Sequence[Expression], common: Masks) -> Masks | None:
    found = dict(common)
    for condition in conditions:
        truth = evaluation.truth(condition)
        if truth.failed is not None:
            return None
        before = found.get(truth.space)
        found[truth.space] = truth.true if before is None else before & truth.true
    return found


def _wanted(total: Total, sets: Sequence[tuple[Expression, ...]]) -> int:
    bits = 0
    for step in total.steps:
        bits |= 1 << sets.index(step.conditions)
    return bits


def _top(totals: Sequence[Total]) -> Level:
    return LEVELS[totals[0].path.context]


def _gates(rows: Rows, masks: Sequence[Masks]) -> Gates:
    tables: list[Any] = []
    places: list[Any] = []
    for level in Level:
        own = any(Space(level) in found for found in masks)
        by_value = any(Space(level, by_value=True) in found for found in masks)
        space = Space(level, by_value=by_value and not own)
        always = level is Level.RESOURCE and any(CONSTANT in found for found in masks)
        some = own or by_value or always
        table = np.full(rows.size(space) if some else 0, ALL, dtype=np.uint8)
        for bit, found in enumerate(masks if some else ()):
            for place in (Space(level), Space(level, by_value=True), *([CONSTANT] if always else [])):
                if place in found:
                    table[~rows.spread(found[place], place, space)] &= ALL ^ (1 << bit)
        tables.append(fixed(table))
        places.append(fixed(rows.frame.value(level)) if space.by_value else _NO_PLACES)
    return Gates(*tables, *places)


_NO_PLACES: Final[NDArray[np.int32]] = fixed(np.zeros(0, dtype=np.int32))
