"""The table of component names is the truth of the real collector."""

import subprocess
from pathlib import Path

import pytest

from phoenix.collector.config.names import Kind
from phoenix.collector.config.types import BUILT, ComponentTypes

OLD_NAMES = """\
receivers: {hostmetrics: {scrapers: {cpu: }}}
processors: {cumulativetodelta: , deltatocumulative: , metricstransform: {transforms: []}, resourcedetection: }
exporters: {otlp: {endpoint: "127.0.0.1:1"}, otlphttp: {endpoint: "http://127.0.0.1:1"}}
service:
  pipelines:
    metrics:
      receivers: [hostmetrics]
      processors: [cumulativetodelta, deltatocumulative, metricstransform, resourcedetection]
      exporters: [otlp, otlphttp]
"""


def test_the_table_lists_the_types_of_the_binary_and_their_signals(collector_binary: Path):
    listing = subprocess.check_output([collector_binary, "components"], timeout=30, text=True)
    assert ComponentTypes.parse(listing) == BUILT


@pytest.mark.parametrize("kind", list(Kind))
def test_the_binary_knows_every_alias_and_no_other(collector_binary: Path, tmp_path: Path, kind: Kind):
    config = tmp_path / "config.yaml"
    config.write_text(f"{kind.value}: {{no_such_type: }}\n")
    ran = subprocess.run(
        [collector_binary, "validate", "--config", config], capture_output=True, text=True, timeout=30, check=False
    )
    valid = ran.stderr.partition("(valid values: [")[2].partition("]")[0].split()
    assert set(valid) == set(BUILT.names(kind))


def test_the_binary_accepts_old_names(collector_binary: Path, tmp_path: Path):
    config = tmp_path / "config.yaml"
    config.write_text(OLD_NAMES)
    subprocess.run([collector_binary, "validate", "--config", config], check=True, timeout=30)
