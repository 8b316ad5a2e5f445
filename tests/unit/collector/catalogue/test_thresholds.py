import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import scrapes
from tests.support.replay.slow_capture import capture_of
from tests.support.scrapes import SECOND, Life

from phoenix.collector.catalogue import registry, thresholds
from phoenix.collector.catalogue.errors import ParameterConflictError

MIB = 2**20


def capture(*uses: list[tuple[float, int]]):
    """Return a capture of one scrape for each list of (CPU fraction, memory in bytes)."""
    return capture_of(
        scrapes.scrape([(Life(pid, "p", 1, seen=2), *used) for pid, used in enumerate(use)], number * SECOND)
        for number, use in enumerate(uses, start=1)
    )


def kept(limits, use) -> int:
    return sum(cpu >= limits["cpu_fraction"] or memory >= limits["memory_bytes"] for cpu, memory in use)


def test_the_k_heaviest_reach_the_thresholds():
    use = [(0.5, 10 * MIB), (0.1, 900 * MIB), (0.05, 20 * MIB), (0.001, 2 * MIB), (0.0, 3 * MIB)]
    capture_ = capture(use, use, use)
    assert [kept(thresholds.derive_thresholds(capture_, k), use) for k in (1, 2, 3)] == [1, 2, 3]


def test_more_than_there_are_gives_the_least_thresholds():
    limits = thresholds.derive_thresholds(capture([(0.5, 10 * MIB)]), 7)
    assert limits == {"cpu_fraction": thresholds.LEAST_CPU_FRACTION, "memory_bytes": thresholds.LEAST_MEMORY_BYTES}


def test_a_capture_without_processes_gives_the_least_thresholds():
    limits = thresholds.derive_thresholds(capture_of([]), 3)
    assert limits["memory_bytes"] == thresholds.LEAST_MEMORY_BYTES


def test_a_first_scrape_without_cpu_does_not_move_them():
    use = [(0.5, 10 * MIB), (0.2, 20 * MIB), (0.001, 30 * MIB)]
    first = scrapes.scrape([(Life(pid, "p", 1, seen=1), *used) for pid, used in enumerate(use)], SECOND)
    rest = [
        scrapes.scrape([(Life(pid, "p", 1, seen=2), *used) for pid, used in enumerate(use)], n * SECOND) for n in (2, 3)
    ]
    with_first, without = (thresholds.derive_thresholds(capture_of(part), 1) for part in ([first, *rest], rest))
    assert with_first == without


@given(
    st.lists(
        st.lists(st.tuples(st.floats(0, 0.2), st.integers(2 * MIB, 900 * MIB)), min_size=1, max_size=8),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 8),
)
def test_thresholds_are_values_the_template_accepts(uses, k):
    derived = thresholds.derive_thresholds(capture(*uses), k)
    text = registry.render("process-topk-v1", derived).text
    assert f"{derived['memory_bytes']}" in text


def test_top_k_is_rendered_into_the_thresholds_of_a_capture():
    recording = capture([(0.5, 10 * MIB), (0.1, 20 * MIB), (0.05, 300 * MIB)])
    derived = thresholds.derive_thresholds(recording, 2)
    rendered = registry.render("process-topk-v1", {"top_k": "2"}, capture=recording)
    assert {name: rendered.parameters[name] for name in derived} == derived
    assert rendered.text.count(f"{derived['memory_bytes']}") == 1


def test_top_k_beside_a_threshold_is_a_conflict():
    with pytest.raises(ParameterConflictError, match="top_k"):
        registry.render("process-topk-v1", {"top_k": "2", "cpu_fraction": "0.1"}, capture=capture([(0.5, MIB)]))


def test_counts_what_was_kept_in_each_scrape():
    use = [(0.1, MIB)]
    counted = thresholds.kept_per_scrape(capture(use * 3, use * 5, use * 10))
    assert (counted.minimum, counted.median, counted.maximum) == (3, 5, 10)


def test_nothing_kept_counts_as_nought():
    counted = thresholds.kept_per_scrape(capture_of([]))
    assert (counted.minimum, counted.median, counted.maximum) == (0, 0, 0)


def test_a_request_that_holds_nothing_is_no_scrape():
    kept = scrapes.scrape([(Life(1, "p", 1, seen=2), 0.1, MIB)], SECOND)
    counted = thresholds.kept_per_scrape(capture_of([kept, type(kept)()]))
    assert counted.minimum == 1
