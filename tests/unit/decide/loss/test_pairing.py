"""Which series is which: by identity, or by process, name and attributes where only the identity changed."""

import pytest
from tests.support.loss.records import (
    CPU_TIME,
    DELTA,
    NOON,
    Form,
    Record,
    capture_of,
    process,
    process_records,
    scrape_times,
)

from phoenix.decide.loss.assess import assess_loss
from phoenix.decide.loss.observed import observe
from phoenix.decide.loss.pairing import pair


def web(pid=1, **more):
    return process_records(process(pid, "web", **more), scrape_times(3))


def paired(before, after):
    return pair(observe(capture_of(before)), observe(capture_of(after)))


def test_equal_captures_pair_every_series_exactly():
    pairing = paired(web(), web())
    assert pairing.exact_before.all()
    assert not pairing.made.any()
    assert not pairing.reidentified.any()


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.without("process.command_line"),
        lambda record: record.but(resource={**record.resource, "env": "prod"}),
        lambda record: record.but(scope="another"),
        lambda record: record.but(form=Form(record.form.name, temporality=DELTA)),
        lambda record: record.without("host.name"),
    ],
    ids=["attribute stripped", "attribute added", "scope", "temporality", "host gone"],
)
def test_a_process_that_changed_its_identity_is_found_again(change):
    pairing = paired(web(), [change(record) for record in web()])
    assert pairing.reidentified.all()
    assert not pairing.missing.any()


def test_a_process_on_another_host_is_another_process():
    two = [*web(host="a"), *web(host="b")]
    pairing = paired(two, [record.but(scope="another") for record in web(host="b")])
    assert pairing.reidentified.sum() == 4
    assert all(pairing.before.resource_of(series)["host.name"] == "b" for series in pairing.reidentified.nonzero()[0])


def test_a_process_without_its_pid_is_not_found_again():
    pairing = paired(web(), [record.without("process.pid") for record in web()])
    assert pairing.missing.all()
    assert pairing.made.all()


def test_folded_point_attributes_are_another_series():
    after = [record.but(attributes={}) for record in web() if record.attributes.get("state") != "system"]
    pairing = paired(web(), after)
    assert pairing.missing.sum() == 3


def test_two_candidates_for_one_identity_are_no_pair():
    twins = [*web(), *(record.but(scope="another") for record in web())]
    pairing = paired(twins, [record.without("process.command_line") for record in web()])
    assert pairing.missing.all()


def test_a_resource_that_is_no_process_is_known_by_the_attributes_both_sides_use():
    load = [
        Record(Form("system.cpu.load", type="gauge"), 0.5, NOON, 0, {}, {"host.name": host, "os": "linux"})
        for host in ("a", "b")
    ]
    pairing = paired(load, [record.without("os") for record in load])
    assert pairing.reidentified.all()


def test_true_and_one_are_two_values():
    flag = Record(CPU_TIME, 1.0, NOON, 0, {"is": True}, process(1, "web"))
    pairing = paired([flag], [flag.but(attributes={"is": 1}, scope="another")])
    assert pairing.missing.all()


def test_reidentified_series_are_neither_dropped_nor_folded():
    loss = assess_loss(capture_of(web()), capture_of([record.without("process.command_line") for record in web()]))
    assert loss.dropped_or_folded is not None
    assert (loss.reidentified, loss.dropped_or_folded.series, loss.made) == (4, 0, 0)
    assert loss.harmless


@pytest.mark.parametrize(("before", "after"), [([], web()), (web(), []), ([], [])], ids=["made", "gone", "nothing"])
def test_empty_captures_are_captures(before, after):
    loss = assess_loss(capture_of(before), capture_of(after))
    assert loss.dropped_or_folded is not None
    assert loss.dropped_or_folded.points == len(before)
    assert loss.made == (4 if after else 0)


def test_scrapes_are_counted_by_the_longest_lived_series():
    assert observe(capture_of(web())).scrapes == 3
    assert observe(capture_of([*web(), *web()])).scrapes == 3
    assert observe(capture_of([])).scrapes == 0
