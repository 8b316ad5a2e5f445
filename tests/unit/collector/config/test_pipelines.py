"""A config is seen as components and pipelines; what is malformed is left out."""

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import ConfigView

TEXT = """\
receivers:
  hostmetrics: {collection_interval: 10s}
  otlp/in:
processors:
  filter/a: {error_mode: propagate}
  nonsense: 3
connectors:
  forward:
exporters:
  otlphttp: {endpoint: "http://there"}
extensions:
  health_check:
service:
  extensions: [health_check]
  pipelines:
    metrics/in: {receivers: [hostmetrics, otlp/in], processors: [filter/a, absent], exporters: [forward]}
    metrics: {receivers: [forward], exporters: [otlphttp, forward]}
    logs: 3
"""


def view() -> ConfigView:
    return ConfigView(ConfigDocument.parse(TEXT))


def test_components_have_canonical_types_and_their_settings():
    components = view().components
    receiver = components[Kind.RECEIVERS, "hostmetrics"]
    assert (receiver.type, receiver.settings, receiver.path) == (
        "host_metrics",
        {"collection_interval": "10s"},
        ("receivers", "hostmetrics"),
    )
    assert components[Kind.RECEIVERS, "otlp/in"].settings == {}
    assert (Kind.PROCESSORS, "nonsense") not in components


def test_pipelines_name_what_flows_where():
    first, second = view().pipelines
    assert (first.key, first.signal, second.key) == ("metrics/in", "metrics", "metrics")
    assert [reference.key for reference in first.references] == [
        "hostmetrics",
        "otlp/in",
        "filter/a",
        "absent",
        "forward",
    ]
    assert first.processors[1].path == ("service", "pipelines", "metrics/in", "processors", 1)
    assert [component.key for component in view().named(first.processors)] == ["filter/a"]


def test_a_connector_answers_for_a_receiver_and_an_exporter():
    first, second = view().pipelines
    for reference in (first.exporters[0], second.receivers[0]):
        component = view().component(reference)
        assert component is not None
        assert component.kind is Kind.CONNECTORS


def test_filters_components_by_canonical_type():
    assert [component.key for component in view().of(Kind.EXPORTERS, "otlp_http")] == ["otlphttp"]
    assert [reference.key for reference in view().extensions] == ["health_check"]
