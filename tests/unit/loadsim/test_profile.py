from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.loadsim.errors import ProfileInvalidError
from phoenix.loadsim.profile import Churn, ProcessGroup, Profile, Spike

DATABASE = {"name": "loadsim-db", "count": 4, "children": 1, "cpu_percent": 0.5, "memory_bytes": "64MB"}
WORKER = {"name": "loadsim-worker", "count": 16}
CHURN = {"name": "loadsim-job", "starts_per_second": 2, "lifetime_seconds": 5}
SHOP = {"name": "shop", "processes": [DATABASE, WORKER], "churn": CHURN}


def test_reads_a_mapping_and_gives_it_back():
    profile = Profile.from_mapping(SHOP)
    assert profile.processes[0].memory_bytes == 64_000_000
    assert profile.churn == Churn(name="loadsim-job", starts_per_second=2.0, lifetime_seconds=5.0)
    assert Profile.from_mapping(profile.as_mapping()) == profile


def test_is_frozen():
    with pytest.raises(FrozenInstanceError):
        Profile.from_mapping(SHOP).name = "other"  # type: ignore[misc]  # That is the point.


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "Shop!"}, "name"),
        ({"colour": "red"}, "colour"),
        ({"processes": "many"}, "processes"),
        ({"processes": ["loadsim-db"]}, "processes[0]"),
        ({"processes": [DATABASE, {"count": 3}]}, "processes[1].name"),
        ({"processes": [DATABASE, {**WORKER, "count": "many"}]}, "processes[1].count"),
        ({"processes": [DATABASE, {**WORKER, "count": 0}]}, "processes[1].count"),
        ({"processes": [DATABASE, {**WORKER, "count": True}]}, "processes[1].count"),
        ({"processes": [{**DATABASE, "name": "a-name-longer-than-15"}]}, "processes[0].name"),
        ({"processes": [{**DATABASE, "threads": 10_000}]}, "processes[0].threads"),
        ({"processes": [{**DATABASE, "memory_bytes": "64 apples"}]}, "processes[0].memory_bytes"),
        ({"processes": [{**DATABASE, "cpu_percent": float("nan")}]}, "processes[0].cpu_percent"),
        ({"processes": [{**DATABASE, "arguments": ["--a", 7]}]}, "processes[0].arguments[1]"),
        ({"processes": [{**DATABASE, "arguments": ["a\0b"]}]}, "processes[0].arguments[0]"),
        ({"processes": [{**DATABASE, "spike": {"percent": 10}}]}, "processes[0].spike.seconds"),
        (
            {"processes": [{**DATABASE, "spike": {"percent": 10, "seconds": 9, "every_seconds": 5}}]},
            "processes[0].spike.every_seconds",
        ),
        ({"churn": {**CHURN, "starts_per_second": 5000}}, "churn.starts_per_second"),
        ({"churn": {**CHURN, "nam": "x"}}, "churn.nam"),
        ({"processes": [], "churn": None}, "processes"),
        ({"processes": [{**WORKER, "count": 9000}, {**WORKER, "count": 9000}]}, "processes"),
        ({"processes": [{**WORKER, "cpu_percent": 5}]}, "cpu_limit_percent"),
    ],
)
def test_names_the_field_that_is_wrong(change, field):
    with pytest.raises(ProfileInvalidError) as caught:
        Profile.from_mapping({**SHOP, **change})
    assert caught.value.details["field"] == field
    assert caught.value.message.startswith(f"{field}: ")
    assert caught.value.code == "LOADSIM_PROFILE_INVALID"


@pytest.mark.parametrize("data", [None, "shop", ["shop"]])
def test_refuses_what_is_no_mapping(data):
    with pytest.raises(ProfileInvalidError, match="expected a mapping"):
        Profile.from_mapping(data)


def test_a_higher_limit_allows_a_busy_profile():
    busy = {"name": "busy", "processes": [{**WORKER, "cpu_percent": 5}], "cpu_limit_percent": 100}
    assert Profile.from_mapping(busy).mean_cpu_percent == 80


def test_counts_spikes_and_jobs_into_the_processor_use():
    group = ProcessGroup(name="a", count=2, spike=Spike(percent=50, seconds=2, every_seconds=20))
    churn = Churn(name="b", starts_per_second=2, lifetime_seconds=1, cpu_seconds=0.01)
    assert Profile(name="p", processes=(group,), churn=churn).mean_cpu_percent == pytest.approx(2 * 5 + 2)


def test_memory_counts_every_process_and_the_jobs_alive():
    small = Profile(name="p", processes=(ProcessGroup(name="a", count=10),))
    assert small.with_churn_rate(5).memory_bytes > small.memory_bytes
    assert replace(small.processes[0], memory_bytes=1_000_000).memory_bytes == 1_000_000


groups = st.lists(
    st.builds(
        ProcessGroup, name=st.just("a"), count=st.integers(1, 400), cpu_percent=st.sampled_from([0, 0.001, 0.01])
    ),
    min_size=1,
    max_size=8,
)


@given(groups, st.integers(8, 2000))
def test_a_process_count_is_met_exactly_and_no_group_disappears(members, count):
    changed = Profile(name="p", processes=tuple(members)).with_process_count(count)
    assert changed.process_count == count
    assert min(group.count for group in changed.processes) >= 1


@given(groups, st.integers(8, 2000))
def test_a_process_count_keeps_the_processor_use(members, count):
    profile = Profile(name="p", processes=tuple(members))
    assert profile.with_process_count(count).mean_cpu_percent == pytest.approx(profile.mean_cpu_percent)


def test_a_process_count_keeps_the_use_of_spikes_too():
    group = ProcessGroup(name="a", count=4, spike=Spike(percent=30, seconds=2, every_seconds=60))
    profile = Profile(name="p", processes=(group,))
    assert profile.with_process_count(10).mean_cpu_percent == pytest.approx(profile.mean_cpu_percent)


@pytest.mark.parametrize("count", [0, 1, 10_001])
def test_refuses_a_process_count_out_of_range(count):
    with pytest.raises(ProfileInvalidError, match="process_count: expected 2"):
        Profile.from_mapping(SHOP).with_process_count(count)


def test_a_churn_rate_changes_only_the_rate():
    assert Profile.from_mapping(SHOP).with_churn_rate(20).churn == replace(
        Churn(name="loadsim-job", starts_per_second=20, lifetime_seconds=5)
    )


def test_a_churn_rate_of_zero_takes_the_churn_out():
    assert Profile.from_mapping(SHOP).with_churn_rate(0).churn is None


@pytest.mark.parametrize("rate", [-1, 1000])
def test_refuses_a_churn_rate_out_of_range(rate):
    with pytest.raises(ProfileInvalidError) as caught:
        Profile.from_mapping(SHOP).with_churn_rate(rate)
    assert caught.value.details["field"] == "churn.starts_per_second"
