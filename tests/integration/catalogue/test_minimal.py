from collections import Counter

from tests.support import promises


def test_keeps_few_metrics_of_the_critical_and_nothing_else(run):
    result = run("process-minimal-v1", metrics="process.cpu.time, process.memory.usage")
    wanted = Counter(
        (point.request, point.series, point.start, point.time, point.value)
        for point in promises.points(result.before)
        if dict(point.resource)["process.executable.name"] in ("db", "web")
        and point.metric in ("process.cpu.time", "process.memory.usage")
    )
    assert promises.values(result.after, promises.anyone) == wanted


def test_keeps_every_critical_process(run):
    result = run("process-minimal-v1")
    critical = promises.named("db", "web")
    before = {resource for _, resource, _ in promises.processes(result.before, critical)}
    assert {resource for _, resource, _ in promises.processes(result.after, critical)} == before
