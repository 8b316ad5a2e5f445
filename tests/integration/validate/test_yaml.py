"""Phoenix reads YAML as the real collector does: both are asked for the same values."""

import json
import subprocess
from pathlib import Path

import pytest

from phoenix.collector.config.document import ConfigDocument, ConfigSyntaxError

CONFIG = """\
receivers: {{otlp: {{protocols: {{grpc: }}}}}}
processors:
  resource: {{attributes: [{{key: a, action: upsert, value: {value}}}]}}
exporters: {{nop: }}
service: {{pipelines: {{metrics: {{receivers: [otlp], processors: [resource], exporters: [nop]}}}}}}
"""
VALUES = ["yes", "On", "TRUE", "~", "0777", "0o17", "0x1F", "-0b11", "1_000", "089", "+1", ".5", "1e3", "12:30:45"]
VALUES += ["99999999999999999999", "'1'", '"\\u00e9\\x41"', "!!str 1", "!!float 1", "!!binary aGk=", "!own 1", "="]
VALUES += ["&x y", "<<", "0b", "0o8", "1__0", "_1", ".", "-", "--1", "1.", "0.1e-2", "'it''s'"]


def ask(binary: Path, text: str, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = folder / "config.yaml"
    path.write_text(text)
    return subprocess.run([binary, *command, "--config", path], capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize("value", VALUES)
def test_a_scalar_has_the_collectors_value(collector_binary: Path, tmp_path: Path, value: str):
    text = CONFIG.format(value=value)
    ran = ask(collector_binary, text, tmp_path, "print-config", "--mode", "unredacted", "--format", "json")
    if ran.returncode:
        with pytest.raises(ConfigSyntaxError):
            ConfigDocument.parse(text)
        return
    printed = json.loads(ran.stdout)
    ours = ConfigDocument.parse(text).data["processors"]["resource"]["attributes"][0]["value"]
    assert ours == printed["processors"]["resource"]["attributes"][0]["value"]


@pytest.mark.parametrize(
    "text",
    ["\ta: b", "a: 1\na: 2", "a: *x", "a: &x [*x]", "[a]: b", "a: !!int x", "<<: 3\na: b", "a: {b: c", "- a", "a: @b"],
)
def test_both_refuse(collector_binary: Path, tmp_path: Path, text: str):
    assert "Conf" in ask(collector_binary, text, tmp_path, "validate").stderr
    with pytest.raises(ConfigSyntaxError):
        ConfigDocument.parse(text)
