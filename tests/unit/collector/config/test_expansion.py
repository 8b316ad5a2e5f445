"""What a config asks the collector's providers for is found as the collector finds it."""

import pytest

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.expansion import expansions, expansions_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", []),
        ("${env:TOKEN}", [("env", "TOKEN", None, True)]),
        ("${TOKEN}", [("env", "TOKEN", None, True)]),
        ("Bearer ${env:TOKEN}", [("env", "TOKEN", None, False)]),
        ("${env:PORT:-4317}", [("env", "PORT", "4317", True)]),
        ("${env:PORT:-}", [("env", "PORT", "", True)]),
        ("$${env:TOKEN}", []),
        ("$$${env:TOKEN}", [("env", "TOKEN", None, False)]),
        ("${file:/etc/x}", [("file", "/etc/x", None, True)]),
        ("${env:${env:WHICH}}", [("env", "WHICH", None, False)]),
        ("${http://host/x}", [("http", "//host/x", None, True)]),
        ("a${env:A}b${env:B}", [("env", "A", None, False), ("env", "B", None, False)]),
    ],
)
def test_finds_what_a_value_asks_for(text, found):
    seen = [(item.scheme, item.name, item.default, item.whole) for item in expansions_in(text)]
    assert seen == found


def test_names_the_value_it_stands_in():
    document = ConfigDocument.parse('exporters: {otlp_http: {headers: {key: "Bearer ${env:TOKEN}"}}}\n')
    (found,) = expansions(document)
    assert found.path == ("exporters", "otlp_http", "headers", "key")
    assert str(document.locate_within(found.path, found.offset)) == "config.yaml:1:48"
