"""Small baselines and candidates on one OTLP receiver, and their composed configs."""

from collections.abc import Mapping
from pathlib import Path

from tests.support.live.collector import production_file

from phoenix.collector.compose.model import Composed, PhoenixEndpoint
from phoenix.collector.compose.paired import compose_pair
from phoenix.collector.compose.steady import compose_steady
from phoenix.collector.config.document import ConfigDocument
from phoenix.core.ids import ExperimentId, RevisionId

EXPERIMENT = ExperimentId("exp-1")
REVISION = RevisionId("rev-1")
KEEP_NOTHING_AND_FAIL = {
    "transform/fails": '{error_mode: propagate, metric_statements: [\'set(resource.attributes["x"], ParseJSON("{"))\']}'
}


def otlp(port: int) -> str:
    return f"otlp: {{protocols: {{http: {{endpoint: '127.0.0.1:{port}'}}}}}}"


def config(
    receiver: str, folder: Path, processors: Mapping[str, str] | None = None, *, interval: str = "50ms"
) -> ConfigDocument:
    """Return a config that sends what a receiver gets to the production file."""
    receiver_id = receiver.partition(":")[0]
    given = "".join(f"  {name}: {settings}\n" for name, settings in (processors or {}).items())
    return ConfigDocument.parse(
        f"receivers:\n  {receiver}\nprocessors:\n{given}"
        f"exporters:\n  file: {{path: '{production_file(folder)}', flush_interval: {interval}}}\n"
        f"service: {{pipelines: {{metrics: {{receivers: [{receiver_id}], "
        f"processors: [{', '.join(processors or {})}], exporters: [file]}}}}}}\n"
    )


def paired(
    baseline: ConfigDocument, candidate: ConfigDocument, url: str, *, own_interval_seconds: float = 1.0
) -> Composed:
    endpoint = PhoenixEndpoint(url, own_interval_seconds=own_interval_seconds)
    return compose_pair(baseline, candidate, endpoint=endpoint, experiment=EXPERIMENT, revision=REVISION)


def steady(document: ConfigDocument, url: str, *, own_interval_seconds: float = 1.0) -> Composed:
    endpoint = PhoenixEndpoint(url, own_interval_seconds=own_interval_seconds)
    return compose_steady(document, endpoint=endpoint, revision=REVISION)
