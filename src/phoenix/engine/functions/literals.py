"""What a collector refuses when it starts, because arguments that are written out are no good.

The types of arguments are `ottl`'s to check; here is what the functions' own constructors look at.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from phoenix.engine.functions.comparison.search import check_values
from phoenix.engine.functions.hashes.ids import make_id
from phoenix.engine.functions.networks.functions import check_networks
from phoenix.engine.functions.text.case import check_case
from phoenix.engine.functions.text.encoding import check_encoding
from phoenix.engine.functions.text.patterns import check_pattern

# Function and parameter to what raises OttlRuntimeError for a value that is refused.
_CHECKS: Final[Mapping[tuple[str, str], Callable[[Any], object]]] = {
    ("Coalesce", "values"): check_values,
    ("ConvertCase", "to_case"): check_case,
    ("Decode", "encoding"): check_encoding,
    ("ExtractPatterns", "pattern"): check_pattern,
    ("IsInCIDR", "networks"): check_networks,
    ("IsMatch", "pattern"): check_pattern,
    ("ProfileID", "target"): lambda target: make_id("ProfileID", target),
    ("SpanID", "target"): lambda target: make_id("SpanID", target),
    ("TraceID", "target"): lambda target: make_id("TraceID", target),
}


def check_literals(function: str, literals: Mapping[str, Any]) -> None:
    """Refuse a call for the arguments that are written out.

    Args:
        function: OTTL's name.
        literals: by parameter, those whose value the text alone says; of a list, only when all its items do.

    Raises:
        OttlRuntimeError: the collector would not start.
        NotColumnarError: it might start, and the engine cannot say what it would do.
    """
    for name, value in literals.items():
        check = _CHECKS.get((function, name))
        if check is not None:
            check(value)
