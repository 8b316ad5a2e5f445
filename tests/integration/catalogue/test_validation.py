import pytest
from tests.support import stock_collector

from phoenix.collector.catalogue import registry
from phoenix.collector.catalogue.blocks.destinations import DESTINATIONS

FORMS = [
    *((name, {"destination": destination}) for name in registry.names() for destination in DESTINATIONS),
    *(("process-adaptive-v1", {"level": level}) for level in (1, 3, 4)),
    *((name, {"group_by": "executable"}) for name in ("process-aggregated-v1", "process-intelligent-v1")),
    *((name, {"group_by": "all"}) for name in ("process-aggregated-v1", "process-intelligent-v1")),
    ("process-priority-filter-v1", {"unmatched": "low", "high_processes": "", "low_processes": ""}),
    (
        "process-minimal-v1",
        {"critical_processes": r'a"b, \d+[.]\w, x{2,3}, $y, process.owner=ro(ot|se), k8s.pod.uid=a.*'},
    ),
    ("process-baseline-v1", {"command_line": True, "interval": "1s", "limit_mib": 64}),
]


@pytest.mark.parametrize(("name", "given"), FORMS, ids=str)
def test_the_collector_accepts_every_form_of_every_template(collector_binary, tmp_path, name, given):
    environment = {
        variable: "http://127.0.0.1:1" if "ENDPOINT" in variable else "placeholder"
        for destination in DESTINATIONS.values()
        for variable in destination.environment
    }
    text = registry.render(name, given).text
    assert stock_collector.refusal(collector_binary, tmp_path, text, environment) == ""
