"""Converters that ask for the time: what they answer hangs on when the request arrived.

The evaluation of columns looks here before it calls a converter once for each distinct combination of arguments.
"""

from collections.abc import Mapping
from typing import Any, Final

from phoenix.engine.functions.time.calendar import now
from phoenix.engine.functions.time.strptime import has_year, parse_time
from phoenix.engine.values.value import Time


def parse_time_at(arrival: int, **arguments: Any) -> Time:
    """Return what Time says when the request arrived at `arrival`, nanoseconds since 1970; errors as `parse_time`."""
    return parse_time(**arguments, arrival=arrival)


def needs_arrival(function: str, literals: Mapping[str, Any]) -> bool:
    """Return whether a call must be made through `CONVERTERS_AT`.

    Args:
        function: OTTL's name.
        literals: the arguments that are written out, by name.
    """
    if function == "Time":
        return not has_year(literals["format"])
    return function in CONVERTERS_AT


CONVERTERS_AT: Final[Mapping[str, Any]] = {"Now": now, "Time": parse_time_at}
