"""All functions over single values, by OTTL's name.

A group is a module with a `CONVERTERS` or an `EDITORS` table. A converter is called with its arguments by the names of
OTTL's signature (`ottl.signatures`), the optional ones only when given, and returns a value. An editor other than
`set` takes the value its target path holds as the first argument and returns what the path shall hold then. Both raise
`OttlRuntimeError` where the collector's function returns an error, and `NotColumnarError` where they cannot say what it
would return.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from phoenix.engine.functions.comparison import search
from phoenix.engine.functions.hashes import digests, ids
from phoenix.engine.functions.networks import functions as networks
from phoenix.engine.functions.text import case, encoding, format, parts, patterns  # noqa: A004 named as OTTL's function
from phoenix.engine.functions.types import conversion, numeric, questions

Scalar = Callable[..., Any]

CONVERTERS: Final[Mapping[str, Scalar]] = {
    **parts.CONVERTERS,
    **case.CONVERTERS,
    **encoding.CONVERTERS,
    **format.CONVERTERS,
    **patterns.CONVERTERS,
    **conversion.CONVERTERS,
    **numeric.CONVERTERS,
    **questions.CONVERTERS,
    **digests.CONVERTERS,
    **ids.CONVERTERS,
    **networks.CONVERTERS,
    **search.CONVERTERS,
}
EDITORS: Final[Mapping[str, Scalar]] = {}
# Arguments, also as items of a list, that may be `columns.Failed`: the function asks for them only when it must.
TAKES_FAILED: Final[Mapping[str, frozenset[str]]] = {
    "Coalesce": frozenset({"values"}),
    "IsInCIDR": frozenset({"networks"}),
    "When": frozenset({"condition", "true_value", "false_value"}),
}
