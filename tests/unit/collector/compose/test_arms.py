"""What the candidate's arm is made of where the real binary cannot try it: connectors, extensions of other builds."""

import yaml

from phoenix.collector.compose.model import Arm, PhoenixEndpoint
from phoenix.collector.compose.names import BOUNDARY, METERS
from phoenix.collector.compose.paired import compose_pair
from phoenix.collector.config.document import ConfigDocument
from phoenix.core.ids import ExperimentId, RevisionId

BASELINE = """
receivers: {otlp: {protocols: {grpc: }}}
exporters: {debug: }
service: {pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}}
"""


def composed(candidate, baseline=BASELINE):
    documents = ConfigDocument.parse(baseline, "a.yaml"), ConfigDocument.parse(candidate, "b.yaml")
    endpoint, revision = PhoenixEndpoint("http://phoenix:8080"), RevisionId("rev-1")
    return compose_pair(*documents, endpoint=endpoint, experiment=ExperimentId("exp-1"), revision=revision)


def test_connectors_that_name_pipelines_name_those_of_the_arm():
    candidate = """
receivers: {otlp: {protocols: {grpc: }}}
connectors:
  routing:
    default_pipelines: [metrics/rest]
    table: [{context: resource, condition: 'true', pipelines: [metrics/some, metrics/gone]}]
  failover: {priority_levels: [[metrics/rest], [metrics/some]]}
exporters: {debug: }
service:
  pipelines:
    metrics: {receivers: [otlp], exporters: [routing, failover]}
    metrics/some: {receivers: [routing, failover], exporters: [debug]}
    metrics/rest: {receivers: [routing, failover], exporters: [debug]}
"""
    connectors = yaml.safe_load(composed(candidate).text)["connectors"]
    routing = connectors["routing/phoenix_candidate"]
    assert routing["default_pipelines"] == ["metrics/phoenix_candidate_rest"]
    assert routing["table"][0]["pipelines"] == ["metrics/phoenix_candidate_some"]
    levels = connectors["failover/phoenix_candidate"]["priority_levels"]
    assert levels == [["metrics/phoenix_candidate_rest"], ["metrics/phoenix_candidate_some"]]


def test_the_candidate_reaches_the_meter_only_and_never_without_the_boundary():
    text = composed(BASELINE).text
    pipelines = yaml.safe_load(text)["service"]["pipelines"]
    candidate = pipelines.pop("metrics/phoenix_candidate")
    assert candidate["processors"][0] == BOUNDARY
    assert candidate["exporters"] == [METERS[Arm.CANDIDATE]]
    assert all(METERS[Arm.CANDIDATE] not in pipeline["exporters"] for pipeline in pipelines.values())


def test_a_tag_of_user_data_is_never_added():
    # The marker is in the collector's own telemetry and in the path of the meter.
    generated = yaml.safe_load(composed(BASELINE).text)
    without = {**generated, "service": {**generated["service"], "telemetry": None}}
    places = [path for path, value in _texts(without) if "rev-1" in value]
    assert [path[-1] for path in places] == ["metrics_endpoint", "metrics_endpoint"]


def test_extensions_that_name_extensions_come_along():
    candidate = """
extensions:
  headers_setter: {additional_auth: oauth2client, headers: []}
  oauth2client: {client_id: a}
receivers:
  otlp: {protocols: {http: {endpoint: "localhost:1", middlewares: [{id: headers_setter}], id: headers_setter}}}
exporters: {debug: }
service:
  extensions: [headers_setter, oauth2client]
  pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}
"""
    generated = yaml.safe_load(composed(candidate).text)
    http = generated["receivers"]["otlp/phoenix_candidate"]["protocols"]["http"]
    assert http["middlewares"] == [{"id": "headers_setter/phoenix_candidate"}]
    assert http["id"] == "headers_setter"
    setter = generated["extensions"]["headers_setter/phoenix_candidate"]
    assert setter["additional_auth"] == "oauth2client/phoenix_candidate"
    assert set(generated["service"]["extensions"]) == set(generated["extensions"])


def test_one_text_for_all_hosts():
    assert composed(BASELINE).digest == composed(BASELINE).digest
    assert "${env:PHOENIX_TOKEN}" in composed(BASELINE).text


def _texts(value, path=()):
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))
