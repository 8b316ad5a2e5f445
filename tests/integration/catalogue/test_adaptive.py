import pytest
from tests.support import promises

ADAPTIVE = "process-adaptive-v1"


@pytest.mark.parametrize("seed", [1, 2])
def test_a_higher_level_never_has_more_series(run, seed):
    counts = [len(promises.series(run(ADAPTIVE, seed=seed, level=level).after)) for level in (1, 2, 3, 4)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[1] > counts[2] > counts[3]


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_every_level_keeps_every_critical_process(run, level):
    result = run(ADAPTIVE, level=level)
    critical = promises.named("db", "web")
    before = {resource for _, resource, _ in promises.processes(result.before, critical)}
    assert {resource for _, resource, _ in promises.processes(result.after, critical)} == before


@pytest.mark.parametrize("level", [1, 2, 3])
def test_totals_stay_until_the_last_level(run, level):
    result = run(ADAPTIVE, level=level, high_processes="worker")
    before, after = (promises.increases(side, promises.anyone, result.first) for side in (result.before, result.after))
    assert promises.close(before, after)
    assert promises.duplicates(result.after) == []
    assert promises.fallen(result.after) == []
