"""Differences that were once found between the engine and the collector, one behaviour a file: they stay equal.

A file of `cases` is YAML: what was wrong, the processors in their order, and requests as OTLP in JSON.
"""

import io
import json
from pathlib import Path

import pytest
import yaml
from tests.support.parity.case import Case
from tests.support.parity.features import Features
from tests.support.parity.outcome import Agreement, compare

from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.telemetry.codec import decode
from phoenix.telemetry.jsonlines import read_lines

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_engine_does_as_the_collector(harness, path):
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = b"".join(json.dumps(request).encode() + b"\n" for request in written["requests"])
    capture = decode(list(read_lines(io.BytesIO(lines))))
    case = Case(path.stem, written["processors"], capture, Features())
    outcome = compare(case, harness, ColumnarEvaluator())
    assert outcome.agreement == Agreement(written["agreement"]), outcome.words
