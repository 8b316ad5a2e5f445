"""Converters over maps and lists, and those that take lambdas."""

from typing import Final

from phoenix.ottl.signatures.checks import choices, delimiters, not_empty
from phoenix.ottl.signatures.declaring import declare, function, many, needed, optional
from phoenix.ottl.signatures.signature import Kind

SIGNATURES: Final = (
    declare("All", needed("source", Kind.ANY), function("predicate", 2)),
    declare("Any", needed("source", Kind.ANY), function("predicate", 2)),
    declare("Coalesce", many("values", Kind.ANY), check=not_empty("values")),
    declare("ContainsValue", needed("target", Kind.SLICE), needed("item", Kind.ANY)),
    declare("Filter", needed("source", Kind.ANY), function("predicate", 2)),
    declare("Find", needed("source", Kind.ANY), function("predicate", 2), function("mapper", 2, is_optional=True)),
    declare("Keys", needed("target", Kind.MAP)),
    declare("Len", needed("target", Kind.ANY)),
    declare("MapEach", needed("source", Kind.ANY), function("mapper", 2)),
    declare("MapKeys", needed("source", Kind.MAP), function("key_mapper", 2)),
    declare("Reduce", needed("source", Kind.ANY), needed("seed", Kind.ANY), function("accumulator", 3)),
    declare(
        "SliceToMap",
        needed("target", Kind.SLICE),
        many("key_path", Kind.STRING_LITERAL, is_optional=True),
        many("value_path", Kind.STRING_LITERAL, is_optional=True),
    ),
    declare(
        "Sort",
        needed("target", Kind.ANY),
        optional("order", Kind.STRING_LITERAL),
        check=choices("order", "asc", "desc"),
    ),
    declare(
        "ToKeyValueString",
        needed("target", Kind.MAP),
        optional("delimiter", Kind.STRING_LITERAL),
        optional("pair_delimiter", Kind.STRING_LITERAL),
        optional("sort_output", Kind.BOOL_LITERAL),
        check=delimiters("delimiter", "pair_delimiter"),
    ),
    declare("Values", needed("target", Kind.MAP)),
    declare("When", function("condition", 0), needed("true_value", Kind.ANY), needed("false_value", Kind.ANY)),
)
