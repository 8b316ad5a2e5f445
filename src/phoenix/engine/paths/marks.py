"""Attributes of resources that a list of statements gave every resource of every request: arrays beside the pool.

`set(resource.attributes["cpu"], resource.attributes["cpu"] + datapoint.value_double)` makes as many different resources
as there are resource nodes. Filters and transforms read such a mark as the array it is, and mostly delete it again, so
that all else of the resources stays a matter of the few rows of their pool. Whoever else looks at resources, or at all
of their attributes, gets them settled.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from phoenix.engine.frame import Frame, Level
from phoenix.engine.paths.overlays import KeyColumn, Rows, assign
from phoenix.ottl.syntax import Context


def marked(frame: Frame, rows: Rows, keys: Mapping[str, KeyColumn]) -> Frame:
    """Return the frame with marks.

    Args:
        frame: none of the keys is marked yet.
        rows: resources, ascending.
        keys: what each of these resources holds.
    """
    size = frame.size(Level.RESOURCE)
    if len(rows) < size:
        keys = {key: _spread(held, rows, size) for key, held in keys.items()}
    return frame.with_(marks={**frame.marks, **keys})


def without(frame: Frame, keys: Iterable[str]) -> Frame:
    """Return the frame without some of its marks; what resources hold below them is left."""
    gone = set(keys)
    return frame.with_(marks={key: held for key, held in frame.marks.items() if key not in gone}) if gone else frame


def settled(frame: Frame) -> Frame:
    """Return the same frame without marks: resources have rows of the pool that say all."""
    if not frame.marks:
        return frame
    alive = frame.alive(Level.RESOURCE)
    said = np.zeros(frame.size(Level.RESOURCE), dtype=np.bool_)
    for held in frame.marks.values():
        said |= True if held.kept is None else ~held.kept
    rows = np.flatnonzero(said if alive is None else said & alive)
    value = frame.resources.value.copy()
    keys = {key: held.take(rows) for key, held in frame.marks.items()}
    value[rows] = assign(frame.pools.resources, Context.RESOURCE, value[rows], keys)
    return without(frame, frame.marks).with_value(Level.RESOURCE, value)


def _spread(held: KeyColumn, rows: Rows, size: int) -> KeyColumn:
    kept = np.ones(size, dtype=np.bool_)
    kept[rows] = False if held.kept is None else held.kept
    place = np.zeros(size, dtype=np.intp)
    place[rows] = np.arange(len(rows))
    return KeyColumn(held.take(place).column, kept)
