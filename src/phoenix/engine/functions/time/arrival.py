"""Converters that ask for the time: what they answer hangs on when the request arrived.

The evaluation of columns gives them the arrival as one more argument.
"""

from collections.abc import Mapping
from typing import Any, Final

from phoenix.engine.functions.time.strptime import has_year, parse_time
from phoenix.engine.values.value import Time


def parse_time_at(arrival: Time, **arguments: Any) -> Time:
    """Return what Time says when the request arrived at `arrival`; errors as `parse_time`."""
    return parse_time(**arguments, arrival=arrival.ns)


def needs_arrival(function: str, literals: Mapping[str, Any]) -> bool:
    """Return whether a call must be made through `CONVERTERS_AT`.

    Args:
        function: OTTL's name.
        literals: the arguments that are written out, by name.
    """
    return function in CONVERTERS_AT and not has_year(literals["format"])


CONVERTERS_AT: Final[Mapping[str, Any]] = {"Time": parse_time_at}
