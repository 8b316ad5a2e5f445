"""No text, however odd, makes validation fail: it answers with a report, and with the same one for the same text."""

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from phoenix.collector.validate.service import validate
from phoenix.telemetry.processes import ProcessPattern

WORDS = (
    *("receivers", "processors", "exporters", "connectors", "extensions", "service", "pipelines", "telemetry"),
    *("metrics", "logs/a", "otlp", "host_metrics", "filter/a", "transform", "resource", "groupbyattrs", "batch"),
    *("memory_limiter", "metrics_transform", "forward", "prometheus", "otlp_http", "scrapers", "process", "include"),
    *("attributes", "key", "action", "delete", "process.pid", "metric_statements", "statements", "context", "names"),
    *("transforms", "operations", "aggregate_labels", "match_type", "regexp", "(", "${env:A}", "${file:x}", "a::b", ""),
    *("endpoint", "headers", "api-key", 'delete_key(resource.attributes, "process.pid")', "error_mode", "10s", "/"),
)
WORD = st.sampled_from(WORDS)
LEAF = st.one_of(WORD, st.none(), st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False, width=16))
TREE = st.recursive(
    LEAF, lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(WORD, below, max_size=4)), max_leaves=25
)
SECTIONS = st.fixed_dictionaries(
    {},
    optional={name: st.dictionaries(WORD, TREE, max_size=4) | TREE for name in (*WORDS[:5],)}
    | {
        "service": TREE
        | st.fixed_dictionaries(
            {"pipelines": st.dictionaries(WORD, st.dictionaries(WORD, st.lists(WORD, max_size=4) | TREE, max_size=3))}
        )
    },
)
CRITICAL = [ProcessPattern.parse("postgres")]


@settings(max_examples=60)
@given(SECTIONS)
def test_answers_whatever_the_config_holds(data):
    text = yaml.safe_dump(data)
    report = validate(text, "c.yaml", critical=CRITICAL)
    assert report.as_dict() == validate(text, "c.yaml", critical=CRITICAL).as_dict()
    assert all(finding.place.line >= 1 and finding.message for finding in report.findings)


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_answers_whatever_the_text(text):
    assert validate(text, "c.yaml").findings
