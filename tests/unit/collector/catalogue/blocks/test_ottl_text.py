import pytest

from phoenix.collector.catalogue.blocks import ottl_text
from phoenix.telemetry.processes import ProcessPattern


def patterns(*texts):
    return [ProcessPattern.parse(text) for text in texts]


def test_patterns_of_one_attribute_become_one_expression():
    assert ottl_text.any_of(patterns("nginx", "redis-server", "kube.*")) == (
        'IsMatch(resource.attributes["process.executable.name"], "^(?:nginx|redis-server|kube.*)$")'
    )


def test_an_alternative_stays_inside_its_pattern():
    assert "(?:a|b)|c" in ottl_text.any_of(patterns("a|b", "c"))


def test_a_plain_name_matches_itself_only():
    assert '"^(?:beam[.]smp)$"' in ottl_text.any_of(patterns("beam.smp"))


def test_an_attribute_that_may_be_a_number_is_asked_for_its_type():
    condition = ottl_text.any_of(patterns("nginx", "k8s.pod.name=a.*"))
    assert 'IsString(resource.attributes["k8s.pod.name"]) and IsMatch' in condition


def test_no_pattern_matches_nothing():
    assert ottl_text.any_of([]) == "false"


@pytest.mark.parametrize(
    ("text", "literal"), [('a"b', '"a\\"b"'), ("a\\d", '"a\\\\d"'), ("é", '"é"'), ("a\nb", '"a\\nb"')]
)
def test_quotes_what_would_end_a_literal(text, literal):
    assert ottl_text.quote(text) == literal


def test_hides_the_collectors_own_substitution():
    condition = ottl_text.any_of(patterns("process.owner=x${HOME}$$"))
    assert "x$${HOME}$$$$" in condition
