"""What grok patterns of telemetry are refused for: a config says no such pattern, and patterns that are read might."""

import pytest

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.functions.registry import CONVERTERS

EXTRACT = CONVERTERS["ExtractGrokPatterns"]


def test_a_pattern_of_the_library_that_is_not_written_here_is_refused_by_name():
    with pytest.raises(NotColumnarError, match="grok pattern COMBINEDAPACHELOG"):
        EXTRACT("a line", "%{COMBINEDAPACHELOG}")


@pytest.mark.parametrize("definitions", [("MY=%{MY}",), ("MY=%{OTHER}", "OTHER=%{MY}"), ("MY=%{MY}%{MY}",)])
def test_patterns_that_hold_each_other_are_refused(definitions):
    with pytest.raises(NotColumnarError, match=r"patterns that hold each other|a million characters"):
        EXTRACT("a line", "%{MY}", pattern_definitions=definitions)
