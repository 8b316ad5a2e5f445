"""Component types have one canonical name, and ids are read as the collector reads them."""

import pytest

from phoenix.collector.config.names import ALIASES, ComponentId, Kind, canonical
from phoenix.collector.config.types import BUILT


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        (Kind.RECEIVERS, "hostmetrics", "host_metrics"),
        (Kind.PROCESSORS, "cumulativetodelta", "cumulative_to_delta"),
        (Kind.EXPORTERS, "otlp", "otlp_grpc"),
        (Kind.RECEIVERS, "otlp", "otlp"),
        (Kind.PROCESSORS, "filter", "filter"),
        (Kind.PROCESSORS, "unheard_of", "unheard_of"),
    ],
)
def test_says_todays_name_of_a_type(kind, old, new):
    assert canonical(kind, old) == new


def test_every_alias_leads_to_a_type_and_is_not_one_itself():
    for kind, aliases in ALIASES.items():
        assert set(aliases.values()) <= set(BUILT.signals[kind])
        assert not set(aliases) & set(BUILT.signals[kind])


@pytest.mark.parametrize(
    ("text", "type_name", "name"),
    [
        ("otlp", "otlp", ""),
        ("filter/keep", "filter", "keep"),
        (" filter / a-b ", "filter", "a-b"),
        ("a/b/c", "a", "b/c"),
    ],
)
def test_reads_an_id(text, type_name, name):
    assert ComponentId.parse(text) == ComponentId(type_name, name)


@pytest.mark.parametrize("text", ["", "/x", "filter/", "1otlp", "fil-ter", "a b/c"])
def test_refuses_an_id_that_the_collector_refuses(text):
    with pytest.raises(ValueError, match=r"type|empty"):
        ComponentId.parse(text)
