"""flatten: a map without maps and lists in it (func_flatten.go)."""

from collections.abc import Mapping
from typing import Any, Final

from phoenix.engine.functions.arguments import map_of
from phoenix.engine.functions.golang.numbers import INT64_MAX
from phoenix.engine.values.value import Map, Value


def flatten(target: Value, prefix: str = "", depth: int = INT64_MAX, *, resolve_conflicts: bool = False) -> Map:
    """Return the map with what is in maps and lists as pairs of its own, keys joined by dots.

    Args:
        target: a map.
        prefix: put before every key, with a dot.
        depth: how far down; what is deeper stays as it is.
        resolve_conflicts: give a key that is already there a number, instead of overwriting it; items of a list are
            then numbered like keys that meet.

    Raises:
        OttlRuntimeError: the target is no map.
    """
    flat = _Flat(depth, resolve_conflicts=resolve_conflicts)
    flat.add_map(map_of(target), prefix, 0)
    return Map.of(flat.pairs.items())


class _Flat:
    def __init__(self, depth: int, *, resolve_conflicts: bool) -> None:
        self.pairs: dict[str, Value] = {}
        self._depth = depth
        self._resolve = resolve_conflicts
        self._met: dict[str, int] = {}

    def add_map(self, held: Map, prefix: str, level: int) -> None:
        before = f"{prefix}." if prefix else ""
        for key, value in held:
            self._add(key, value, level, before)

    def _add(self, key: str, value: Value, level: int, before: str) -> None:
        name = before + key
        if isinstance(value, Map) and level < self._depth:
            self.add_map(value, name, level + 1)
        elif isinstance(value, tuple) and level < self._depth:
            for index, item in enumerate(value):
                self._add_item(name, index, item, level)
        else:
            self._put(name, value)

    def _add_item(self, name: str, index: int, item: Value, level: int) -> None:
        numbered = f"{name}.{index}"
        if isinstance(item, Map) and level + 1 < self._depth:
            self.add_map(item, numbered, level + 2)
        elif isinstance(item, tuple) and level + 1 < self._depth:
            # No dot stands before the numbers of a list in a list, and it counts as two levels more.
            for inner, held in enumerate(item):
                self._add(str(inner), held, level + 3, numbered)
        else:
            self._put(name if self._resolve else numbered, item)

    def _put(self, name: str, value: Value) -> None:
        if not self._resolve:
            self.pairs[name] = value
        elif name in self.pairs:
            numbered = f"{name}.{self._met.get(name, 0)}"
            self._met[name] = self._met.get(name, 0) + 1
            self.pairs[numbered] = value
        else:
            self._met[name] = 0
            self.pairs[name] = value


EDITORS: Final[Mapping[str, Any]] = {"flatten": flatten}
