"""Converters that read formats: JSON, CSV, key-value, patterns, URLs, user agents, severities and XML."""

from typing import Final

from phoenix.ottl.signatures.checks import csv_settings, delimiters
from phoenix.ottl.signatures.declaring import declare, many, needed, optional
from phoenix.ottl.signatures.formats import xml_path
from phoenix.ottl.signatures.patterns import grok_pattern, literal_pattern
from phoenix.ottl.signatures.signature import Kind

SIGNATURES: Final = (
    declare(
        "ExtractGrokPatterns",
        needed("target", Kind.STRING),
        needed("pattern", Kind.STRING),
        optional("named_captures_only", Kind.BOOL_LITERAL),
        many("pattern_definitions", Kind.STRING_LITERAL, is_optional=True),
        check=grok_pattern("pattern", "named_captures_only", "pattern_definitions"),
    ),
    declare(
        "ExtractPatterns",
        needed("target", Kind.STRING),
        needed("pattern", Kind.STRING),
        check=literal_pattern("pattern"),
    ),
    declare(
        "ParseCSV",
        needed("target", Kind.STRING),
        needed("header", Kind.STRING),
        optional("delimiter", Kind.STRING_LITERAL),
        optional("header_delimiter", Kind.STRING_LITERAL),
        optional("mode", Kind.STRING_LITERAL),
        check=csv_settings("delimiter", "header_delimiter", "mode"),
    ),
    declare("ParseJSON", needed("target", Kind.STRING)),
    declare(
        "ParseKeyValue",
        needed("target", Kind.STRING),
        optional("delimiter", Kind.STRING_LITERAL),
        optional("pair_delimiter", Kind.STRING_LITERAL),
        check=delimiters("delimiter", "pair_delimiter"),
    ),
    declare("ParseSeverity", needed("target", Kind.ANY), needed("mapping", Kind.MAP)),
    declare("URL", needed("uri", Kind.STRING, field="URI")),
    declare("UserAgent", needed("user_agent", Kind.STRING)),
    declare(
        "ConvertAttributesToElementsXML",
        needed("target", Kind.STRING),
        optional("x_path", Kind.STRING_LITERAL),
        check=xml_path("x_path"),
    ),
    declare(
        "ConvertTextToElementsXML",
        needed("target", Kind.STRING),
        optional("x_path", Kind.STRING_LITERAL),
        optional("element_name", Kind.STRING_LITERAL),
        check=xml_path("x_path"),
    ),
    declare(
        "GetXML",
        needed("target", Kind.STRING),
        needed("x_path", Kind.STRING_LITERAL),
        check=xml_path("x_path", is_needed=True),
    ),
    declare(
        "InsertXML",
        needed("target", Kind.STRING),
        needed("x_path", Kind.STRING_LITERAL),
        needed("sub_document", Kind.STRING),
        check=xml_path("x_path", is_needed=True),
    ),
    declare("ParseSimplifiedXML", needed("target", Kind.STRING)),
    declare("ParseXML", needed("target", Kind.STRING)),
    declare(
        "RemoveXML",
        needed("target", Kind.STRING),
        needed("x_path", Kind.STRING_LITERAL),
        check=xml_path("x_path", is_needed=True),
    ),
)
