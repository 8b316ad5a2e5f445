"""What structure and references call an error, the real binary refuses too: no false alarm, on mutated configs.

The other way round is the binary's job: it refuses more than keys can tell.
"""

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.pipelines import ConfigView
from phoenix.collector.validate import references, structure
from phoenix.collector.validate.binary_check.check import ask
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.collector.validate.finding import Severity
from phoenix.collector.validate.service import validate

SOUND = """\
receivers: {otlp/in: {protocols: {grpc: }}, host_metrics: {scrapers: {cpu: }}}
processors:
  memory_limiter: {check_interval: 1s, limit_mib: 9}
  batch:
  filter/a: {metric_conditions: ['metric.name == "a"']}
connectors: {forward: , count: }
exporters: {nop: , otlp_http: {endpoint: "http://a"}}
extensions: {health_check: }
service:
  extensions: [health_check]
  pipelines:
    metrics/in: {receivers: [otlp/in, host_metrics], processors: [memory_limiter, filter/a], exporters: [forward]}
    metrics: {receivers: [forward], processors: [batch], exporters: [nop, otlp_http, count]}
    metrics/count: {receivers: [count], exporters: [nop]}
    logs: {receivers: [otlp/in], processors: [batch], exporters: [nop]}
"""
WORDS = ("nop", "batch", "forward", "metrics", "logs", "traces/x", "otlp", "otlp/in", "hostmetrics", "filter/", "x-y")
VALUES: tuple[Any, ...] = (None, 3, "text", [], {}, ["nop"], {"nop": None}, [1], True)
JUDGED = {code.code for code in (*structure.CODES, *references.CODES)}


def containers(tree: Any) -> list[Any]:
    """Return every mapping and list of a tree that has something in it."""
    if not isinstance(tree, (dict, list)) or not tree:
        return []
    below = tree.values() if isinstance(tree, dict) else tree
    return [tree, *(found for part in below for found in containers(part))]


def mutated(seed: int) -> str:
    """Return the sound config with one or two things deleted, renamed or replaced."""
    chance = random.Random(seed)
    data = yaml.safe_load(SOUND)
    for _ in range(chance.choice((1, 1, 2))):
        place = chance.choice(containers(data))
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
        kind = chance.choice(("delete", "rename", "replace"))
        value = place.pop(key) if kind != "replace" else None
        if kind == "replace":
            place[key] = chance.choice((*WORDS, *VALUES))
        elif kind == "rename" and isinstance(place, dict):
            place[chance.choice(WORDS)] = value
        elif kind == "rename":
            place.insert(key, chance.choice(WORDS))
    return yaml.safe_dump(data, sort_keys=False)


@pytest.fixture(scope="module")
def sandbox(collector_binary: Path) -> Sandbox:
    return Sandbox(collector_binary)


def test_the_config_is_sound_before_anything_is_changed(sandbox: Sandbox):
    assert validate(SOUND, "c.yaml", sandbox=sandbox).ok


@pytest.mark.parametrize("block", range(4))
def test_what_is_called_an_error_is_refused_by_the_binary(sandbox: Sandbox, block: int):
    judged = 0
    for seed in range(block * 30, block * 30 + 30):
        text = mutated(seed)
        report = validate(text, "c.yaml", sandbox=sandbox)
        errors = [f for f in report.findings if f.severity is Severity.ERROR and f.code in JUDGED]
        if errors:
            judged += 1
            assert ask(ConfigView(ConfigDocument.parse(text)), sandbox).findings, (text, errors)
    assert judged
