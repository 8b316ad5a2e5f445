"""The catalogue keeps the practice rules that Phoenix asks others to keep."""

from pathlib import Path

import pytest
from tests.support.findings import REMARKS, beyond_declared

from phoenix.collector.catalogue.registry import TEMPLATES, render
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.collector.validate.finding import Severity
from phoenix.collector.validate.service import validate
from phoenix.telemetry.processes import ProcessPattern

CRITICAL = [ProcessPattern.parse(name) for name in ("postgres", "nginx", "sshd", "kube.*")]


@pytest.fixture(scope="module")
def sandbox(collector_binary: Path) -> Sandbox:
    return Sandbox(collector_binary)


@pytest.mark.parametrize("name", [template.name for template in TEMPLATES])
def test_nothing_is_found_in_a_template(sandbox: Sandbox, name: str):
    report = validate(render(name).text, name, sandbox=sandbox, critical=CRITICAL)
    told = beyond_declared(report.findings)
    assert [finding.code for finding in told] == REMARKS.get(name, [])
    assert all(finding.severity is Severity.INFO for finding in told)
    assert report.collector_version is not None
