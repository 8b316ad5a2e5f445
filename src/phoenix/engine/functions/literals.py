"""What a collector refuses when it starts, because arguments that are written out are no good.

The types of arguments are `ottl`'s to check; here is what the functions' own constructors look at.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from phoenix.engine.functions.collections.pairs import check_delimiters
from phoenix.engine.functions.collections.sorting import check_order
from phoenix.engine.functions.comparison.search import check_values
from phoenix.engine.functions.editors.flattening import check_depth
from phoenix.engine.functions.editors.maps import check_limit, check_strategy, check_truncation
from phoenix.engine.functions.editors.replacing import check_glob, check_mode
from phoenix.engine.functions.hashes.ids import make_id
from phoenix.engine.functions.networks.functions import check_networks
from phoenix.engine.functions.parsing.csv import check_csv
from phoenix.engine.functions.parsing.grok import check_grok
from phoenix.engine.functions.text.case import check_case
from phoenix.engine.functions.text.encoding import check_encoding
from phoenix.engine.functions.text.patterns import check_pattern
from phoenix.engine.functions.time.strptime import check_format, check_parsing
from phoenix.engine.functions.xml.xpath import compile_xpath

# Function and parameter to what raises OttlRuntimeError for a value that is refused.
_CHECKS: Final[Mapping[tuple[str, str], Callable[[Any], object]]] = {
    ("Coalesce", "values"): check_values,
    ("ConvertCase", "to_case"): check_case,
    ("Decode", "encoding"): check_encoding,
    ("delete_matching_keys", "pattern"): check_pattern,
    ("ExtractPatterns", "pattern"): check_pattern,
    ("IsInCIDR", "networks"): check_networks,
    ("IsMatch", "pattern"): check_pattern,
    ("keep_matching_keys", "pattern"): check_pattern,
    ("merge_maps", "strategy"): check_strategy,
    ("replace_all_matches", "pattern"): check_glob,
    ("replace_all_patterns", "mode"): check_mode,
    ("replace_all_patterns", "regex_pattern"): check_pattern,
    ("replace_match", "pattern"): check_glob,
    ("replace_pattern", "regex_pattern"): check_pattern,
    ("ProfileID", "target"): lambda target: make_id("ProfileID", target),
    ("SpanID", "target"): lambda target: make_id("SpanID", target),
    ("TraceID", "target"): lambda target: make_id("TraceID", target),
}
# The same for arguments that are looked at together: which, and what raises OttlRuntimeError for them by their names.
_CALL_CHECKS: Final[Mapping[str, tuple[Callable[..., object], frozenset[str]]]] = {
    "ExtractGrokPatterns": (check_grok, frozenset({"pattern", "named_captures_only", "pattern_definitions"})),
    "FormatTime": (check_format, frozenset({"format"})),
    "ParseCSV": (check_csv, frozenset({"delimiter", "header_delimiter", "mode"})),
    "ParseKeyValue": (check_delimiters, frozenset({"delimiter", "pair_delimiter"})),
    "Sort": (check_order, frozenset({"order"})),
    "Time": (check_parsing, frozenset({"format", "location", "locale"})),
    "ToKeyValueString": (check_delimiters, frozenset({"delimiter", "pair_delimiter"})),
    "flatten": (check_depth, frozenset({"depth"})),
    "limit": (check_limit, frozenset({"limit", "priority_keys"})),
    "truncate_all": (check_truncation, frozenset({"limit", "truncation_marker"})),
}
_XPATHS: Final = frozenset(
    {"GetXML", "InsertXML", "RemoveXML", "ConvertAttributesToElementsXML", "ConvertTextToElementsXML"}
)


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
    if function in _XPATHS and literals.get("x_path"):
        compile_xpath(literals["x_path"])
    if function in _CALL_CHECKS:
        check_together, names = _CALL_CHECKS[function]
        check_together(**{name: value for name, value in literals.items() if name in names})
