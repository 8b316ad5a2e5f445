from tests.support import promises
from tests.support.promises import Resource

TOP_K = "process-topk-v1"
LIMITS = {"cpu_fraction": 0.05, "memory_bytes": 2**28}


def usage(requests) -> dict[tuple[int, Resource], tuple[float, float]]:
    """Return CPU, states summed, and memory of each process in each request."""
    found: dict[tuple[int, Resource], tuple[float, float]] = {}
    for point in promises.points(requests):
        cpu, memory = found.get((point.request, point.resource), (0.0, 0.0))
        cpu += point.value if point.metric == "process.cpu.utilization" else 0
        memory += point.value if point.metric == "process.memory.usage" else 0
        found[point.request, point.resource] = cpu, memory
    return found


def test_keeps_the_heavy_and_the_critical_whole_and_nothing_else(run):
    result = run(TOP_K, **LIMITS)
    wanted = {
        (request, resource)
        for (request, resource), (cpu, memory) in usage(result.before).items()
        if cpu >= LIMITS["cpu_fraction"]
        or memory >= LIMITS["memory_bytes"]
        or dict(resource)["process.executable.name"] in ("db", "web")
    }
    whole = {
        (request, resource): count for request, resource, count in promises.processes(result.before, promises.anyone)
    }
    kept = {
        (request, resource): count for request, resource, count in promises.processes(result.after, promises.anyone)
    }
    assert kept == {key: whole[key] for key in wanted}
    assert len(wanted) < len(whole)


def test_the_points_it_keeps_are_as_they_were(run):
    result = run(TOP_K, **LIMITS)
    before, after = (promises.values(side, promises.anyone) for side in (result.before, result.after))
    assert after <= before


def test_states_are_summed_before_they_are_compared(run):
    """Each state of a process is under 0.15; only their sum can be over it."""
    result = run(TOP_K, cpu_fraction=0.15, memory_bytes="1GiB")
    each = {
        point.value
        for point in promises.points(result.after)
        if point.metric == "process.cpu.utilization"
        and dict(point.resource)["process.executable.name"] not in ("db", "web")
    }
    summed = [
        cpu
        for (_, resource), (cpu, _) in usage(result.after).items()
        if dict(resource)["process.executable.name"] not in ("db", "web")
    ]
    assert summed
    assert min(summed) >= 0.15
    assert min(each) < 0.15


def test_leaves_no_mark_on_what_it_keeps(run):
    result = run(TOP_K, **LIMITS)
    assert not [key for point in promises.points(result.after) for key, _ in point.resource if "phoenix" in key]
