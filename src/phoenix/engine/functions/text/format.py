"""Format, which is Go's fmt.Sprintf."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from phoenix.engine.functions.golang.formatting.sprintf import sprintf
from phoenix.engine.values.value import Value


def format_function(format: str, vals: Sequence[Value]) -> str:  # noqa: A002 the parameter's name in OTTL
    """Return a format filled with values.

    Raises:
        NotColumnarError: Go would write addresses or inner fields of a value, as of a map.
    """
    return sprintf(format, vals)


CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {"Format": format_function}
