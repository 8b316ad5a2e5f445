import pytest
import yaml

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import ConfigRefusedError, PipelineNotFoundError, UnsupportedComponentError
from phoenix.collector.replay.plan import PLACEHOLDER, plan_replay, refused_by_collector

CHAIN = """
processors: {filter: {error_mode: propagate}, filter/two: , batch: , unused: {x: 1}}
connectors: {forward: , forward/b: , count: }
exporters: {debug: , nop: }
service:
  pipelines:
    metrics/in: {receivers: [otlp], processors: [filter], exporters: [forward]}
    metrics/out: {receivers: [forward], processors: [filter/two, batch], exporters: [debug, nop]}
    metrics/counted: {receivers: [otlp], processors: [], exporters: [count]}
    metrics/both: {receivers: [otlp], exporters: [debug, forward]}
    metrics/lost: {receivers: [otlp], exporters: [forward/b]}
    traces: {receivers: [otlp], exporters: [debug]}
"""


def plan(text, pipeline=None, environment=None):
    return plan_replay(ConfigDocument.parse(text), pipeline, environment)


def single(processors, names):
    return f"processors: {processors}\nservice: {{pipelines: {{metrics: {{processors: {names}, exporters: [x]}}}}}}"


def test_cuts_out_one_pipeline_and_what_it_forwards_to():
    cut = plan(CHAIN, "metrics/in")
    assert cut.pipelines == ("metrics/in", "metrics/out")
    assert list(cut.running) == ["filter", "filter/two", "batch"]
    config = yaml.safe_load(cut.text({"src": None}, {"rec": {"path": "x"}}, {"telemetry": {}}))
    assert config == {
        "receivers": {"src": None},
        "processors": {"filter": {"error_mode": "propagate"}, "filter/two": None, "batch": None},
        "exporters": {"rec": {"path": "x"}},
        "connectors": {"forward": None},
        "service": {
            "telemetry": {},
            "pipelines": {
                "metrics/in": {"receivers": ["src"], "processors": ["filter"], "exporters": ["forward"]},
                "metrics/out": {"receivers": ["forward"], "processors": ["filter/two", "batch"], "exporters": ["rec"]},
            },
        },
    }


@pytest.mark.parametrize(
    ("pipeline", "says"), [("metrics/counted", "count"), ("metrics/both", "1 more"), ("metrics/lost", "feeds 0")]
)
def test_refuses_connectors_it_cannot_follow(pipeline, says):
    with pytest.raises(UnsupportedComponentError, match=says):
        plan(CHAIN, pipeline)


def test_refuses_a_forward_that_leads_back():
    text = "connectors: {forward: }\nservice: {pipelines: {metrics: {receivers: [forward], exporters: [forward]}}}"
    with pytest.raises(ConfigRefusedError, match="back to itself"):
        plan(text)


@pytest.mark.parametrize("text", ["service: ", "service: {pipelines: [a]}", "service: {pipelines: {traces: }}", "a: 1"])
def test_refuses_a_config_without_metrics_pipelines(text):
    with pytest.raises(PipelineNotFoundError, match="none"):
        plan(text)


def test_a_pipeline_may_be_left_out_only_when_there_is_one():
    assert plan(single("{batch: }", "[batch]")).pipeline == "metrics"
    with pytest.raises(PipelineNotFoundError, match=r"5 metrics pipelines.*metrics/in"):
        plan(CHAIN)


@pytest.mark.parametrize("text", [single("[batch]", "[batch]"), single("{batch: }", "{batch: }")])
def test_refuses_processors_of_another_shape(text):
    with pytest.raises(ConfigRefusedError):
        plan(text)


def test_leaves_memory_limiters_out_but_has_the_collector_check_them():
    cut = plan(single("{memory_limiter: {limit_mib: 1}, batch: }", "[memory_limiter, batch]"))
    assert list(cut.running) == ["batch"]
    assert set(cut.processors) == {"memory_limiter", "batch"}


def test_gives_a_value_to_every_environment_variable_that_has_no_default():
    text = single("{a: {b: ['${env:ONE} $${env:NO}', {c: '${TWO}${env:THREE:-3}${file:x}'}]}, b: '${env:FOUR}'}", "[a]")
    assert plan(text, environment={"ONE": "1", "THREE": "4", "X": ""}).environment == {
        "ONE": "1",
        "TWO": PLACEHOLDER,
        "THREE": "4",
    }


def test_values_reach_the_collector_as_they_were_read():
    value = "line\u2028two\x85\ufeff\x7f é \"quoted\" 'too' ${env:A}\n"
    document = ConfigDocument.parse(single("{a: {b: x}}", "[a]"))
    cut = plan_replay(document, None)
    changed = type(cut)(cut.pipelines, cut.stages, {"a": {"b": value, "c": [1, 1.5, True, None]}}, (), {})
    assert yaml.load(changed.text({}, {}, {}), Loader=yaml.CSafeLoader)["processors"]["a"] == {
        "b": value,
        "c": [1, 1.5, True, None],
    }


def test_a_refusal_of_the_collector_has_a_place():
    document = ConfigDocument.parse(single("{batch: {timeout: x}}", "[batch]"))
    error = refused_by_collector(document, "invalid configuration: processors::batch: bad")
    assert error.details["reason"] == "invalid configuration: processors::batch: bad"
    assert error.details["place"] == str(document.locate(["processors", "batch"]))
