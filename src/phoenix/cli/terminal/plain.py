"""Results as plain data: what JSON and YAML can say. Money and decimals become text, never floats."""

import dataclasses
import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import PurePath


def plain(value: object) -> object:
    """Return `value` as dicts, lists, texts, numbers, booleans and None.

    A dataclass becomes a mapping of its fields, a Decimal or a path its text, a set a sorted list, numpy's numbers
    Python's, and a float that is no number (or infinite) None, since JSON has no word for it.

    >>> plain({"saving": Decimal("6.50"), "pipelines": ("a", "b"), "cpu": float("nan")})
    {'saving': '6.50', 'pipelines': ['a', 'b'], 'cpu': None}

    Raises:
        TypeError: there is no plain form; a result holds something that is not data.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Decimal | PurePath):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    item = getattr(value, "item", None)
    if callable(item):
        return plain(item())
    raise TypeError(f"{type(value).__name__} has no plain form")
