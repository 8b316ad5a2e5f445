"""The engine equals the collector on a fixed few hundred generated cases, and the generator leaves nothing out."""

import pytest
from tests.support.parity.case import PIPELINE, Case, capture_of
from tests.support.parity.outcome import Agreement
from tests.support.parity.run import run

from phoenix.collector.errors import ConfigRefusedError, UnsupportedComponentError
from phoenix.collector.replay.timeline import Timeline
from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.engine.pipeline.building import build_pipeline
from phoenix.engine.processors.resource_detection import _OURS as DETECTION
from phoenix.engine.processors.settings import Settings
from phoenix.ottl.dialect import DIALECTS

CASES = range(400)
LOOKED_AT = 12_000
# A lambda is refused unless a feature gate is opened; the two others are made of chance.
NOT_CALLED = {"All", "Any", "Filter", "Find", "MapEach", "MapKeys", "Reduce", "When", "UUID", "UUIDv7"}
# The legacy forms of filter: refused by name, and "regexp" belongs to them.
NOT_SET = {("filter", "metrics.include"), ("filter", "metrics.exclude"), ("filter", "metrics.regexp")}
# What is asked of other signals is only ever checked.
OTHER_SIGNALS = ("spans.", "traces.", "logs.", "profiles.")


@pytest.fixture(scope="module")
def generated():
    capture = capture_of(0)
    return [Case.numbered(number, capture) for number in range(LOOKED_AT)]


def test_the_engine_answers_as_the_collector_does(harness):
    tally = run(CASES, harness, ColumnarEvaluator())
    assert [f"{case.name}: {outcome.words}" for case, outcome in tally.different] == []
    assert tally.agreements[Agreement.EQUAL] > len(CASES) / 2


def test_every_function_of_the_dialects_is_called(generated):
    used = {name for case in generated for name in case.features.used}
    functions = {name for dialect in DIALECTS["0.160.0"] for known in dialect.functions.values() for name in known}
    assert {name for name in functions if f"function {name}" not in used} == NOT_CALLED


def test_every_option_that_a_processor_reads_is_set(generated, monkeypatch):
    known = {("resource_detection", option) for option in DETECTION}
    plain = Settings.only

    def noting(self, keys):
        path = [part for part in self.path if isinstance(part, str)]
        # Keys below these are the user's own words.
        if self.config.type != "resource_detection":
            known.update((self.config.type, ".".join([*path, key])) for key in keys)
        return plain(self, keys)

    monkeypatch.setattr(Settings, "only", noting)
    timeline = Timeline.of(capture_of(0))
    for case in generated[:1500]:
        try:
            build_pipeline(case.document, PIPELINE, {}, timeline)
        except (ConfigRefusedError, UnsupportedComponentError):
            continue
    used = {
        option for case in generated for name, settings in case.processors.items() for option in _set(name, settings)
    }
    assert {(kind, path) for kind, path in known - used if not path.startswith(OTHER_SIGNALS)} == NOT_SET


def _set(name, settings):
    kind = name.partition("/")[0]

    def walk(held, path):
        if isinstance(held, dict):
            for key, value in held.items():
                yield kind, ".".join([*path, key])
                yield from walk(value, [*path, key])
        elif isinstance(held, list):
            for item in held:
                yield from walk(item, path)

    return walk(settings, [])
