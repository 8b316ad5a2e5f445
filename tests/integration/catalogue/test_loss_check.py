"""What the loss check says of every form of every template, through the harness, on made-up lives of processes."""

import pytest
from tests.support import scrapes

from phoenix.collector.catalogue import registry
from phoenix.collector.config.document import ConfigDocument
from phoenix.decide.loss.assess import assess_loss
from phoenix.telemetry.codec import decode

FIRST = 1_700_000_000 * scrapes.SECOND
FORMS = [
    *((name, {}) for name in registry.names()),
    *((name, {"destination": "datadog-otlp"}) for name in registry.names()),
    *(("process-adaptive-v1", {"level": level}) for level in (1, 3, 4)),
    ("process-priority-filter-v1", {"unmatched": "low", "high_processes": "worker"}),
    ("process-aggregated-v1", {"temporality": "delta", "group_by": "all"}),
    ("process-intelligent-v1", {"temporality": "delta", "group_by": "executable"}),
    ("process-intelligent-v1", {"unmatched": "low", "high_processes": "worker"}),
    ("process-intelligent-v1", {"cpu_fraction": 0.2, "memory_bytes": "1GiB"}),
]


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize(("name", "given"), FORMS, ids=str)
def test_nothing_is_corrupted_and_nothing_declared_is_missing(harness, name, given, seed):
    rendered = registry.render(name, {"critical_processes": "db, web", **given})
    before = decode([request.SerializeToString() for request in scrapes.history(seed, FIRST)])
    after = harness.evaluate(ConfigDocument.parse(rendered.text), before)
    loss = assess_loss(before, after, declared=rendered.fold_map)
    assert loss.corrupted == ()
    assert loss.undeclared_missing == ()
    assert loss.folded is not None
    assert loss.folded.totals_error < 1e-9
