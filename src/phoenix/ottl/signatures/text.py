"""Converters over text: cases, prefixes, splitting, matching, formatting."""

from typing import Final

from phoenix.ottl.signatures.checks import choices, networks
from phoenix.ottl.signatures.declaring import declare, many, needed, optional
from phoenix.ottl.signatures.patterns import literal_pattern
from phoenix.ottl.signatures.signature import Kind

SIGNATURES: Final = (
    declare("Concat", many("vals", Kind.STRING_LIKE), needed("delimiter", Kind.STRING)),
    declare(
        "ConvertCase",
        needed("target", Kind.STRING),
        needed("to_case", Kind.STRING_LITERAL),
        check=choices("to_case", "lower", "upper", "snake", "camel"),
    ),
    declare("Format", needed("format", Kind.STRING_LITERAL), many("vals", Kind.ANY)),
    declare("HasPrefix", needed("target", Kind.STRING), needed("prefix", Kind.STRING)),
    declare("HasSuffix", needed("target", Kind.STRING), needed("suffix", Kind.STRING)),
    declare("Index", needed("target", Kind.ANY), needed("value", Kind.ANY)),
    declare("IsInCIDR", needed("target", Kind.STRING), many("networks", Kind.STRING), check=networks("networks")),
    declare(
        "IsMatch",
        needed("target", Kind.STRING_LIKE),
        needed("pattern", Kind.STRING),
        check=literal_pattern("pattern"),
    ),
    declare("IsValidLuhn", needed("target", Kind.STRING_LIKE)),
    declare("Split", needed("target", Kind.STRING), needed("delimiter", Kind.STRING)),
    declare(
        "Substring",
        needed("target", Kind.STRING),
        needed("start", Kind.INT),
        needed("length", Kind.INT),
        optional("utf8_safe", Kind.BOOL_LITERAL),
    ),
    declare("ToCamelCase", needed("target", Kind.STRING)),
    declare("ToLowerCase", needed("target", Kind.STRING)),
    declare("ToSnakeCase", needed("target", Kind.STRING)),
    declare("ToUpperCase", needed("target", Kind.STRING)),
    declare("Trim", needed("target", Kind.STRING), optional("replacement", Kind.STRING_LITERAL)),
    declare("TrimPrefix", needed("target", Kind.STRING), needed("prefix", Kind.STRING)),
    declare("TrimSuffix", needed("target", Kind.STRING), needed("suffix", Kind.STRING)),
)
