"""What proves a config, what does not yet, what fails."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.support.fleet import START

from phoenix.collector.compose.model import Arm
from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ReceiverCounts
from phoenix.control.fleet.model import ConfigRevision, Purpose
from phoenix.control.fleet.rules.evidence import Failing, NotYet, Proved, Readings, judge
from phoenix.core.ids import ExperimentId, RevisionId

REVISION = ConfigRevision(
    id=RevisionId("rev-1"),
    digest="d1",
    text="",
    purpose=Purpose.STEADY,
    experiment=None,
    document="",
    exporters=("otlp_http/vendor",),
    receivers=("host_metrics",),
    processors={},
    made_at=START,
)
EXPERIMENT = replace(REVISION, purpose=Purpose.EXPERIMENT, experiment=ExperimentId("exp-1"))


def reading(seconds, taken=0, *, revision="rev-1", uptime=None, instance="i", **exporters):
    named = {name.replace("__", "/"): counts for name, counts in exporters.items()}
    return OwnReading(
        time=int(seconds * 1e9),
        revision=revision,
        instance=instance,
        uptime_seconds=seconds if uptime is None else uptime,
        cpu_seconds=1.0,
        memory_bytes=1,
        receivers={"host_metrics": ReceiverCounts(accepted=taken)},
        exporters=named,
    )


def sent(count, **more):
    return {"otlp_http__vendor": ExporterCounts(sent=count, **more)}


def verdict(*readings, revision=REVISION, ignored=0, effective=None, arms=None):
    seen = Readings(revision.id, ignored)
    for it in readings:
        seen = seen.with_reading(it)
    return judge(revision, seen, effective=effective, arms_seen=arms or {}, since=START)


def missing(*readings, **options):
    found = verdict(*readings, **options)
    assert isinstance(found, NotYet)
    return " ".join(found.missing)


def test_applied_alone_proves_nothing():
    assert "no report" in missing()
    assert "it is the effective config" in missing(effective=REVISION.id)


def test_one_report_is_not_enough_for_sent_must_rise():
    assert "a second report" in missing(reading(10, 100, **sent(100)))


def test_exporters_that_sent_more_under_the_same_revision_prove_it():
    assert verdict(reading(10, 100, **sent(100)), reading(20, 200, **sent(200))) == Proved()


def test_reports_of_another_revision_or_from_before_the_offer_prove_nothing():
    other = reading(10, 100, revision="rev-0", **sent(100)), reading(20, 200, revision="rev-0", **sent(200))
    assert "no report" in missing(*other)
    before = reading(10, 100, **sent(100)), reading(20, 200, **sent(200))
    assert "no report" in missing(*before, ignored=int(20e9))


def test_counters_that_began_again_are_not_compared_with_those_before():
    readings = reading(10, 100, **sent(100)), reading(20, 200, uptime=2, **sent(900))
    assert "a second report" in missing(*readings)
    moved = reading(10, 100, **sent(100)), reading(20, 200, instance="other", **sent(900))
    assert "a second report" in missing(*moved)


def test_a_report_sent_again_is_one_report():
    again = reading(10, 100, **sent(100))
    assert "a second report" in missing(again, again)


def test_an_exporter_that_fails_is_named_with_its_error():
    failing = verdict(reading(10, 100, **sent(0)), reading(20, 200, **sent(0, send_failed=100)))
    assert failing == Failing("otlp_http/vendor", "100 points could not be sent")


def test_failures_count_although_something_was_sent_too():
    failing = verdict(reading(10, 100, **sent(50)), reading(20, 200, **sent(150, send_failed=3)))
    assert isinstance(failing, Failing)


def test_failures_while_an_endpoint_came_up_do_not_count_for_ever():
    first = reading(10, 100, **sent(0)), reading(20, 200, **sent(10, send_failed=90))
    assert isinstance(verdict(*first), Failing)
    assert verdict(*first, reading(30, 300, **sent(110, send_failed=90))) == Proved()


def test_an_exporter_that_only_tries_again_is_failing():
    stuck = verdict(reading(10, 100, **sent(0)), reading(20, 200, **sent(0, queue_size=2, queue_capacity=1000)))
    assert isinstance(stuck, Failing)
    assert "2 requests wait in its queue" in stuck.error


def test_requests_that_could_not_even_be_queued_are_failures():
    assert isinstance(verdict(reading(10, 100, **sent(9)), reading(20, 200, **sent(10, enqueue_failed=5))), Failing)


def test_an_exporter_with_nothing_to_send_proves_no_steady_config():
    idle = verdict(reading(10, 100, **sent(0)), reading(20, 200, **sent(0)))
    assert isinstance(idle, NotYet)
    assert idle.idle == ("otlp_http/vendor",)
    assert "had nothing to send, although points came in" in idle.missing[0]


def test_counters_that_a_collector_does_not_report_yet_are_zero():
    assert "had nothing to send" in missing(reading(10, 100), reading(20, 200))


def test_without_points_coming_in_the_reason_is_that():
    assert "no points came in" in missing(reading(10, 0), reading(20, 0))


def test_every_production_exporter_must_send():
    two = replace(REVISION, exporters=("otlp_http/vendor", "file/copy"))
    readings = reading(10, 100, **sent(100)), reading(20, 200, **sent(200))
    assert "file/copy" in missing(*readings, revision=two)


def test_a_config_without_production_metrics_is_proved_by_its_marker():
    silent = replace(REVISION, exporters=())
    assert "not yet the effective config" in missing(revision=silent)
    assert verdict(revision=silent, effective=silent.id) == Proved()


RISING = reading(10, 100, **sent(100)), reading(20, 200, **sent(200))


def test_an_experiment_needs_its_baseline_at_the_meter():
    assert missing(*RISING, revision=EXPERIMENT) == "the baseline arm has not reached the meter"
    assert verdict(*RISING, revision=EXPERIMENT, arms={Arm.BASELINE: START + timedelta(seconds=1)}) == Proved()


def test_what_reached_the_meter_before_the_offer_proves_nothing():
    arms = {Arm.BASELINE: START - timedelta(seconds=1)}
    assert "has not reached" in missing(*RISING, revision=EXPERIMENT, arms=arms)


def test_a_candidate_that_sends_nothing_does_not_keep_an_experiment_from_its_proof():
    arms = {Arm.BASELINE: START}
    assert verdict(*RISING, revision=EXPERIMENT, arms=arms) == Proved()


@pytest.mark.parametrize("arm", Arm)
def test_our_ingest_being_away_is_missing_evidence_and_never_a_failure(arm):
    meter = f"otlp_http__phoenix_{arm}"
    readings = (
        reading(10, 100, **sent(100), **{meter: ExporterCounts()}),
        reading(20, 200, **sent(200), **{meter: ExporterCounts(send_failed=7)}),
    )
    found = missing(*readings, revision=EXPERIMENT, arms={Arm.BASELINE: START})
    assert found == f"the {arm} arm cannot reach the meter: otlp_http/phoenix_{arm} fails to send"
