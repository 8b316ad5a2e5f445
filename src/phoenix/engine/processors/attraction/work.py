"""Changes the attributes of a level's rows, once per distinct value."""

from dataclasses import replace

import numpy as np

from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.processors.attraction.changes import Change
from phoenix.engine.values.nodes import ResourceNode


def with_changed(frame: Frame, level: Level, change: Change, rows: Mask | None = None) -> Frame:
    """Return the frame with other attributes.

    Args:
        frame: the frame before.
        level: POINT or RESOURCE.
        change: what becomes of a map.
        rows: bool[n], only these; dropped rows are left alone anyway.
    """
    alive = frame.alive(level)
    asked = alive if rows is None else rows if alive is None else rows & alive
    before = frame.value(level)
    chosen = before if asked is None else before[asked]
    if level is Level.POINT:
        changed = frame.pools.attributes.change(chosen, change)
    else:
        changed = frame.pools.resources.change(chosen, lambda node: _changed(node, change))
    if asked is None:
        return frame.with_value(level, changed)
    after = np.array(before)
    after[asked] = changed
    return frame.with_value(level, after)


def _changed(node: ResourceNode, change: Change) -> ResourceNode:
    attributes = change(node.attributes)
    return node if attributes is node.attributes else replace(node, attributes=attributes)
