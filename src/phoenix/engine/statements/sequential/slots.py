"""Slots: the cells that a program writes, one for each owner."""

from dataclasses import dataclass
from typing import Final

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.frame import Level
from phoenix.engine.kernels.statement_values_kernel import DOUBLE, INT, TEXT, TIME
from phoenix.engine.paths.fields import LEVELS, MAPS
from phoenix.engine.statements.cells import cell_of
from phoenix.engine.values.value import Value
from phoenix.ottl.syntax import Context, Literal, Path

CAPTURE: Final = 4
"""The level of what the whole capture has one of: a shared cache."""

# What setters want that take no other type: by field.
WANTED: Final = {
    "time_unix_nano": INT,
    "start_time_unix_nano": INT,
    "time": TIME,
    "start_time": TIME,
    "value_int": INT,
    "value_double": DOUBLE,
    **dict.fromkeys(("name", "version", "description", "unit", "schema_url"), TEXT),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """What some statement writes.

    Attributes:
        level: whose; `CAPTURE` for a shared cache.
        context: of the path.
        name: the field; times and values by their first name.
        key: the first key, when the field is a map and all its keys are written out; None for the whole field.
        group: of a cache that rows do not share, whose it is.
    """

    level: int
    context: Context
    name: str
    key: Value = None
    group: int = -1

    @property
    def is_cache(self) -> bool:
        """Whether it is (a key of) a cache."""
        return self.name == "cache"


def slot_of(path: Path, group: int, *, whole_cache: bool) -> Slot:
    """Return the slot that setting or reading a path is about.

    Args:
        path: which.
        group: the number of its group, when the cache of its context is each row's own; else -1.
        whole_cache: the cache is one slot, since some key of it is worked out at run time.

    Raises:
        NotColumnarError: the path is no slot.
    """
    if path.context is Context.OTELCOL:
        raise NotColumnarError(
            f"setting path {path.context}.{path.name} in a list whose rows see what earlier rows wrote"
        )
    level = LEVELS[path.context]
    if path.name == "cache":
        owner = CAPTURE if group < 0 else level
        return Slot(owner, path.context, "cache", None if whole_cache else _first_key(path), group)
    if path.name == MAPS[path.context]:
        return Slot(level, path.context, path.name, _first_key(path))
    if path.name not in WANTED or (path.name == "name" and level is Level.POINT):
        raise NotColumnarError(f"path {path.context}.{path.name} in a list whose rows see what earlier rows wrote")
    return Slot(level, path.context, cell_of(path).name)


def _first_key(path: Path) -> Value:
    key = path.keys[0] if path.keys else None
    if not isinstance(key, Literal) or not isinstance(key.value, str):
        what = f"{path.context}.{path.name}"
        raise NotColumnarError(f"{what} as a whole in a list whose rows see what earlier rows wrote there")
    return key.value
