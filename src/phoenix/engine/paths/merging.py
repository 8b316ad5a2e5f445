"""One column over another: what a variable holds once some of its rows are set."""

import numpy as np

from phoenix.engine.columns import Coded, Column, Numbers, Space
from phoenix.engine.expressions.calling import as_coded
from phoenix.engine.expressions.rows import Rows, is_uniform
from phoenix.engine.frame import Mask

Where = tuple[Space, Mask]
"""The rows, of a space, that a statement acts on."""


def merged(rows: Rows, before: Column, after: Column, where: Where) -> Column:
    """Return `after` where the mask says so, `before` elsewhere; a column of a level's own rows.

    Changes of telemetry leave such a column alone, unlike one of pool rows.
    """
    space = rows.join(before.space, after.space, where[0])
    space = rows.grounded(space)
    mask = rows.spread(where[1], where[0], space)
    before, after = rows.moved(before, space), rows.moved(after, space)
    if mask.all():
        return after
    if isinstance(before, Numbers) and isinstance(after, Numbers) and _are_alike(before, after):
        return _merged_numbers(before, after, mask)
    old, new = as_coded(rows, before), as_coded(rows, after)
    values = (*old.values, *new.values)
    return Coded(space, np.where(mask, new.codes + len(old.values), old.codes).astype(np.int32), values)


def _are_alike(before: Numbers, after: Numbers) -> bool:
    return before.meaning is after.meaning and before.other is None and after.other is None


def _merged_numbers(before: Numbers, after: Numbers, mask: Mask) -> Numbers:
    bits = np.where(mask, after.bits, before.bits)
    same = is_uniform(before.is_int) and is_uniform(after.is_int) and before.is_int[0] == after.is_int[0]
    is_int = before.is_int if same else np.where(mask, after.is_int, before.is_int)
    return Numbers(before.space, is_int, bits, meaning=before.meaning)
