"""Editors. `append` and `delete_index` are among the converters of the collector and are known wherever those are."""

from typing import Final

from phoenix.ottl.signatures.checks import (
    any_of,
    at_least,
    choices,
    limit_and_keys,
    limit_and_marker,
    together,
)
from phoenix.ottl.signatures.declaring import declare, many, needed, optional
from phoenix.ottl.signatures.patterns import glob_pattern, literal_pattern
from phoenix.ottl.signatures.signature import Kind

_FUNCTION: Final = (optional("function", Kind.FUNCTION), optional("replacement_format", Kind.STRING))

AMONG_CONVERTERS: Final = (
    declare(
        "append",
        needed("target", Kind.PATH),
        optional("value", Kind.ANY),
        many("values", Kind.ANY, is_optional=True),
        check=any_of("value", "values"),
    ),
    declare(
        "delete_index",
        needed("target", Kind.SLICE_PATH),
        needed("start_index", Kind.INT),
        optional("end_index", Kind.INT),
    ),
)

SIGNATURES: Final = (
    declare("clear", needed("target", Kind.PATH)),
    declare("delete_key", needed("target", Kind.MAP_PATH), needed("key", Kind.STRING)),
    declare(
        "delete_matching_keys",
        needed("target", Kind.MAP_PATH),
        needed("pattern", Kind.STRING),
        check=literal_pattern("pattern"),
    ),
    declare(
        "flatten",
        needed("target", Kind.MAP_PATH),
        optional("prefix", Kind.STRING_LITERAL),
        optional("depth", Kind.INT_LITERAL),
        optional("resolve_conflicts", Kind.BOOL_LITERAL),
        check=at_least("depth", 1),
    ),
    declare("keep_keys", needed("target", Kind.MAP_PATH), many("keys", Kind.STRING)),
    declare(
        "keep_matching_keys",
        needed("target", Kind.MAP_PATH),
        needed("pattern", Kind.STRING),
        check=literal_pattern("pattern"),
    ),
    declare(
        "limit",
        needed("target", Kind.MAP_PATH),
        needed("limit", Kind.INT_LITERAL),
        many("priority_keys", Kind.STRING_LITERAL),
        check=limit_and_keys("limit", "priority_keys"),
    ),
    declare(
        "merge_maps",
        needed("target", Kind.MAP_PATH),
        needed("source", Kind.MAP),
        needed("strategy", Kind.STRING_LITERAL),
        check=choices("strategy", "insert", "update", "upsert"),
    ),
    declare(
        "replace_all_matches",
        needed("target", Kind.MAP_PATH),
        needed("pattern", Kind.STRING),
        needed("replacement", Kind.STRING),
        *_FUNCTION,
        check=glob_pattern("pattern"),
    ),
    declare(
        "replace_all_patterns",
        needed("target", Kind.MAP_PATH),
        needed("mode", Kind.STRING_LITERAL),
        needed("regex_pattern", Kind.STRING),
        needed("replacement", Kind.STRING),
        *_FUNCTION,
        check=together(literal_pattern("regex_pattern"), choices("mode", "key", "value")),
    ),
    declare(
        "replace_match",
        needed("target", Kind.PATH),
        needed("pattern", Kind.STRING),
        needed("replacement", Kind.STRING),
        *_FUNCTION,
        check=glob_pattern("pattern"),
    ),
    declare(
        "replace_pattern",
        needed("target", Kind.PATH),
        needed("regex_pattern", Kind.STRING),
        needed("replacement", Kind.STRING),
        *_FUNCTION,
        check=literal_pattern("regex_pattern"),
    ),
    declare("set", needed("target", Kind.PATH), needed("value", Kind.ANY)),
    declare("stringify_all", needed("target", Kind.MAP_PATH)),
    declare(
        "truncate_all",
        needed("target", Kind.MAP_PATH),
        needed("limit", Kind.INT_LITERAL),
        optional("utf8_safe", Kind.BOOL_LITERAL),
        optional("truncation_marker", Kind.STRING_LITERAL),
        check=limit_and_marker("limit", "truncation_marker"),
    ),
)
