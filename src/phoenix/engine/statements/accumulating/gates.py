"""Conditions as gates on every level, so that the walk over the tree leaves out whole branches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from phoenix.engine.columns import CONSTANT, Space
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Level, Mask
from phoenix.engine.kernels.accumulating_kernel import ALL, Gates
from phoenix.engine.statements.accumulating.recognition import Step
from phoenix.engine.statements.conditions import any_holds
from phoenix.engine.statements.group import Group
from phoenix.engine.tree import fixed
from phoenix.ottl.syntax import Expression

# A bit of a byte each.
_MOST: Final = 8

Masks = dict[Space, Mask]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold for each step: steps with the same conditions have the same bit."""

    gates: Gates
    bits: Sequence[int]


def conditions_of(evaluation: Evaluation, group: Group, steps: Sequence[Step]) -> Conditions | None:
    """Return where each step is done; None where a condition may fail, or there are too many different ones."""
    told: list[tuple[Expression, ...]] = []
    for step in steps:
        if step.conditions not in told:
            told.append(step.conditions)
    if len(told) > _MOST:
        return None
    common: Masks = {}
    if group.conditions:
        holds = any_holds(evaluation, group.conditions, propagates=group.propagates)
        if holds.failed is not None:
            return None
        common[holds.space] = holds.true
    masks = []
    for one in told:
        found = _masks(evaluation, one, common)
        if found is None:
            return None
        masks.append(found)
    return Conditions(_gates(evaluation.rows, masks), [1 << told.index(step.conditions) for step in steps])


def _masks(evaluation: Evaluation, conditions: Sequence[Expression], common: Masks) -> Masks | None:
    found = dict(common)
    for condition in conditions:
        truth = evaluation.truth(condition)
        if truth.failed is not None:
            return None
        before = found.get(truth.space)
        found[truth.space] = truth.true if before is None else before & truth.true
    return found


def _gates(rows: Rows, masks: Sequence[Masks]) -> Gates:
    tables: list[Any] = []
    by_pool = np.zeros(len(Level), dtype=np.bool_)
    for level in Level:
        own, of_pool = Space(level), Space(level, by_value=True)
        # What holds everywhere or nowhere is asked of resources.
        here = {own, of_pool, *([CONSTANT] if level is Level.RESOURCE else [])}
        by_pool[level] = any(of_pool in found for found in masks) and not any(own in found for found in masks)
        space = of_pool if by_pool[level] else own
        some = any(place in here for found in masks for place in found)
        table = np.full(rows.size(space) if some else 0, ALL, dtype=np.uint8)
        for bit, found in enumerate(masks):
            for place in here & found.keys():
                table[~rows.spread(found[place], place, space)] &= ALL ^ (1 << bit)
        tables.append(fixed(table))
    tables += [fixed(by_pool), *(fixed(rows.frame.value(level)) for level in Level)]
    return Gates(*tables)
