"""What any path holds, as a column: the getters of contexts/internal/ctx* in pkg/ottl 0.160."""

from collections.abc import Sequence

from phoenix.engine.columns import Coded, Column
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.calling import as_coded, call
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.client import read_client
from phoenix.engine.paths.fields import FIELDS
from phoenix.engine.paths.nodes import read_nodes
from phoenix.engine.paths.points import NUMBERS, read_number, read_points
from phoenix.engine.paths.rests import RESTS, read_rest_field
from phoenix.engine.scalar.indexing import within_path
from phoenix.engine.values.value import Value
from phoenix.ottl.syntax import Context, Enum, Expression, Literal, Path


class Telemetry:
    """A `Reader` of a frame and of a context's cache.

    Args:
        cache: of the context; without one, reading it is refused.
    """

    def __init__(self, cache: Cache | None = None) -> None:
        self._cache = cache

    def read(self, rows: Rows, path: Path, keys: Sequence[Coded]) -> Column:
        """Return what a path holds behind keys.

        Raises:
            NotColumnarError: the path is not read in columns.
        """
        if path.name == "cache":
            if self._cache is None:
                raise NotColumnarError("path cache")
            return self._cache.read(rows, keys)
        if path.context is Context.OTELCOL:
            return read_client(rows, path.name, keys)
        if path.context is Context.METRIC and path.name == "data_points":
            return read_points(rows)
        if path.context is Context.DATAPOINT and path.name != "attributes":
            return _read_point(rows, path)
        if path.context is not Context.DATAPOINT and path.name not in FIELDS[path.context]:
            raise NotColumnarError(f"path {path.context}.{path.name}")
        written = written_keys(path.keys)
        if written is not None:
            return read_nodes(rows, path.context, path.name, written)
        held = as_coded(rows, read_nodes(rows, path.context, path.name))
        return call(rows, lambda value, *found: within_path(value, found), [held, *keys], lazy=True)


def written_keys(keys: Sequence[Expression]) -> tuple[Value, ...] | None:
    """Return the values of keys that are all written out, else None."""
    if all(isinstance(key, (Literal, Enum)) for key in keys):
        return tuple(key.value for key in keys if isinstance(key, (Literal, Enum)))
    return None


def _read_point(rows: Rows, path: Path) -> Column:
    if path.name in NUMBERS:
        return read_number(rows, path.name)
    if path.name in RESTS:
        return read_rest_field(rows, path.name)
    raise NotColumnarError(f"path datapoint.{path.name}")
