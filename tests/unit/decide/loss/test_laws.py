"""Laws of the loss check, on generated process records."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.loss.records import (
    CPU_TIME,
    DISK_IO,
    MEMORY,
    NOON,
    SECOND,
    UTILIZATION,
    Form,
    Record,
    capture_of,
    process,
    scrape_times,
)
from tests.support.loss.regrouping import folded

from phoenix.collector.catalogue.fold_map import Fate, FoldMap, FoldRule
from phoenix.decide.loss.assess import assess_loss
from phoenix.telemetry.processes import ProcessPattern

DECLARED = FoldMap(
    (
        FoldRule(Fate.KEPT, (ProcessPattern.parse("postgres"),)),
        FoldRule(Fate.DROPPED, (ProcessPattern.parse("cron"),)),
        FoldRule(Fate.FOLDED),
    )
)
FORMS = (CPU_TIME, DISK_IO, MEMORY, UTILIZATION, Form("process.signals", temporality=1))
TIMES = scrape_times(5)

resources = st.builds(
    process,
    st.integers(1, 3),
    st.sampled_from(["postgres", "cron", "nginx"]),
    host=st.sampled_from(["a", "b", None]),
)
points = st.builds(
    Record,
    st.sampled_from(FORMS),
    st.one_of(st.integers(-5, 2**40), st.floats(0, 100), st.none()),
    st.sampled_from(TIMES).flatmap(lambda time: st.sampled_from([time, time + 1_000_000])),
    st.sampled_from([0, NOON - 60 * SECOND, NOON, NOON + 7 * SECOND]),
    st.fixed_dictionaries({}, optional={"state": st.sampled_from(["user", "system"])}),
    resources,
    flags=st.sampled_from([0, 0, 0, 1]),
)
captures = st.lists(points, max_size=12)


@settings(max_examples=50)
@given(captures)
def test_an_identical_capture_loses_nothing(records):
    for declared in (None, DECLARED):
        loss = assess_loss(capture_of(records), capture_of(records), declared=declared)
        assert loss.harmless
        assert loss.made == loss.reidentified == loss.thinned.points == 0
        gone = loss.dropped if declared else loss.dropped_or_folded
        assert gone is not None
        assert gone.series == 0


@settings(max_examples=50)
@given(captures, captures, st.randoms(use_true_random=False))
def test_the_order_of_points_has_no_influence(before, after, random):
    straight = assess_loss(capture_of(before), capture_of(after), declared=DECLARED)
    random.shuffle(before)
    random.shuffle(after)
    assert assess_loss(capture_of(before), capture_of(after), declared=DECLARED) == straight


@settings(max_examples=50)
@given(captures, st.data())
def test_a_part_of_the_input_is_never_corrupted(records, data):
    kept = [record for record in records if data.draw(st.booleans())]
    loss = assess_loss(capture_of(records), capture_of(kept))
    assert loss.corrupted == ()
    assert loss.made == 0


@settings(max_examples=50)
@given(captures.filter(bool), st.data())
def test_points_sent_twice_are_always_corrupted(records, data):
    again = data.draw(st.lists(st.sampled_from(records), min_size=1, max_size=3))
    loss = assess_loss(capture_of(records), capture_of([*records, *again]))
    assert "duplicate_identity" in {one.kind.value for one in loss.corrupted}


@settings(max_examples=50)
@given(captures, captures, st.data())
def test_losing_more_never_turns_an_unsafe_output_safe(before, extra, data):
    """Series by series: taking whole series that were declared kept out of an output never makes it harmless."""
    after = [record for record in before if data.draw(st.booleans())]
    worse = [record for record in after if record.resource["process.executable.name"] != "postgres"]
    loss = assess_loss(capture_of(before), capture_of(after), declared=DECLARED)
    lost_more = assess_loss(capture_of(before), capture_of(worse), declared=DECLARED)
    if loss.undeclared_missing:
        assert lost_more.undeclared_missing


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from(["nginx", "cron"]), st.integers(0, 3), st.integers(1, 4)),
        min_size=1,
        max_size=6,
        unique_by=lambda run: run[0],
    ),
    st.data(),
)
def test_folding_with_processes_coming_and_going_keeps_totals_and_corrupts_nothing(runs, data):
    records = [
        Record(
            form,
            data.draw(st.integers(0, 1000)) + (10_000 * number if form.monotonic else 0),
            TIMES[number] + pid,
            NOON - 60 * SECOND if first == 0 else TIMES[first] - SECOND,
            {},
            process(pid, name),
        )
        for pid, name, first, length in runs
        for number in range(first, min(first + length, len(TIMES)))
        for form in (DISK_IO, MEMORY)
    ]
    records.sort(key=lambda record: record.time)
    everything = FoldMap((FoldRule(Fate.FOLDED),))
    for temporality in (1, 2):
        after = capture_of(folded(records, temporality=temporality))
        loss = assess_loss(capture_of(records), after, declared=everything)
        assert loss.harmless
        assert loss.folded is not None
        assert loss.folded.totals_error == 0
