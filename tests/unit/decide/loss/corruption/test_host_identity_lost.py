"""When a series lost the host it came from."""

from tests.support.loss.records import capture_of, process, process_records, scrape_times
from tests.support.loss.regrouping import folded

from phoenix.decide.loss.assess import assess_loss


def records(host="a", pid=1, **more):
    return process_records(process(pid, "nginx", host=host, **more), scrape_times(2))


def lost(before, after, **declared):
    found = assess_loss(capture_of(before), capture_of(after), **declared).corrupted
    return [one for one in found if one.kind.value == "host_identity_lost"]


def test_stripping_the_host_is_lost_identity():
    found = lost(records(), [record.without("host.name") for record in records()])
    assert {one.metric: one.count for one in found} == {
        "process.cpu.time": 2,
        "process.disk.io": 1,
        "process.memory.usage": 1,
    }
    assert "of nginx (pid 1) comes without host.name or host.id" in found[0].example


def test_one_of_name_and_id_is_enough():
    both = records(**{"host.id": "4711"})
    assert not lost(both, [record.without("host.name") for record in both])


def test_a_group_without_a_host_lost_it():
    assert lost(records(), [record.without("host.name") for record in folded(records())])


def test_what_never_had_a_host_did_not_lose_it():
    assert not lost(records(host=None), records(host=None))


def test_an_unchanged_series_without_a_host_beside_others_did_not_lose_it():
    mixed = [*records(), *records(host=None, pid=2)]
    assert not lost(mixed, mixed)


def test_a_host_attribute_that_the_template_declares_must_be_on_everything():
    (first, *_) = lost(records(host=None), records(host=None), host_attributes=["host.name"])
    assert first.example.endswith("comes without host.name")
    assert not lost(records(), records(), host_attributes=["host.name"])
