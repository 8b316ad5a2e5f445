"""All functions over single values, by OTTL's name.

A group is a module with a `CONVERTERS` or an `EDITORS` table. A converter is called with its arguments by the names of
OTTL's signature (`ottl.signatures`), the optional ones only when given, and returns a value. An editor other than
`set` takes the value its target path holds as the first argument and returns what the path shall hold then. Both raise
`OttlRuntimeError` where the collector's function returns an error, and `NotColumnarError` where they cannot say what it
would return.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from phoenix.engine.functions.agents import user_agent
from phoenix.engine.functions.collections import pairs, sorting
from phoenix.engine.functions.comparison import search
from phoenix.engine.functions.editors import flattening, lists, maps, replacing
from phoenix.engine.functions.hashes import digests, ids
from phoenix.engine.functions.networks import functions as networks
from phoenix.engine.functions.parsing import csv, grok, json, key_value, severity, url
from phoenix.engine.functions.text import case, encoding, format, parts, patterns  # noqa: A004 named as OTTL's function
from phoenix.engine.functions.time import arrival, calendar, durations, strptime
from phoenix.engine.functions.types import conversion, numeric, questions
from phoenix.engine.functions.xml import documents
from phoenix.engine.functions.xml import parsing as xml_parsing

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
    **calendar.CONVERTERS,
    **durations.CONVERTERS,
    **strptime.CONVERTERS,
    **json.CONVERTERS,
    **key_value.CONVERTERS,
    **csv.CONVERTERS,
    **severity.CONVERTERS,
    **url.CONVERTERS,
    **grok.CONVERTERS,
    **xml_parsing.CONVERTERS,
    **documents.CONVERTERS,
    **pairs.CONVERTERS,
    **sorting.CONVERTERS,
    **user_agent.CONVERTERS,
}
# Those whose answer may hang on when the request arrived, which they take too; `needs_arrival` says which calls do.
CONVERTERS_AT: Final[Mapping[str, Scalar]] = arrival.CONVERTERS_AT
EDITORS: Final[Mapping[str, Scalar]] = {
    **maps.EDITORS,
    **flattening.EDITORS,
    **lists.EDITORS,
    **replacing.EDITORS,
}
# Arguments, also as items of a list, that may be `columns.Failed`: the function asks for them only when it must.
TAKES_FAILED: Final[Mapping[str, frozenset[str]]] = {
    "Coalesce": frozenset({"values"}),
    "IsInCIDR": frozenset({"networks"}),
    "When": frozenset({"condition", "true_value", "false_value"}),
}
