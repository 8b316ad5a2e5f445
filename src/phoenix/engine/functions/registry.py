"""All functions over single values, by OTTL's name.

A group is a module with a `CONVERTERS` or an `EDITORS` table. A converter is called with its arguments by the names of
OTTL's signature (`ottl.signatures`), the optional ones only when given, and returns a value. An editor other than
`set` takes the value its target path holds as the first argument and returns what the path shall hold then. Both raise
`OttlRuntimeError` where the collector's function returns an error.
"""

from collections.abc import Callable, Mapping
from typing import Any

Scalar = Callable[..., Any]

CONVERTERS: Mapping[str, Scalar] = {}
EDITORS: Mapping[str, Scalar] = {}
