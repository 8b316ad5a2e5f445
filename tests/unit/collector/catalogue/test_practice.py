import pytest
from tests.support.findings import REMARKS, beyond_declared

from phoenix.collector.catalogue import registry
from phoenix.collector.catalogue.blocks.destinations import DESTINATIONS
from phoenix.collector.validate.finding import Severity
from phoenix.collector.validate.service import validate
from phoenix.telemetry.processes import ProcessPattern

FORMS = [
    *((name, {"destination": destination}) for name in registry.names() for destination in DESTINATIONS),
    *(("process-adaptive-v1", {"level": level}) for level in (1, 3, 4)),
    *((name, {"temporality": "delta"}) for name in ("process-aggregated-v1", "process-intelligent-v1")),
]


@pytest.mark.parametrize(("name", "given"), FORMS, ids=str)
def test_our_own_rules_have_nothing_to_say(name, given):
    rendered = registry.render(name, given)
    critical = [ProcessPattern.parse("postgres"), ProcessPattern.parse("loadsim-db")]
    report = validate(rendered.text, name, critical=critical)
    told = beyond_declared(report.findings)
    assert [finding.code for finding in told] == REMARKS.get(name, [])
    assert all(finding.severity is Severity.INFO for finding in told)
