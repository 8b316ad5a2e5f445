"""Which exporters refuse which temporality, as their sources say."""

import pytest
from tests.support.loss.records import CPU_TIME, DELTA, NOON, SECOND, UTILIZATION, Form, Record, capture_of, process

from phoenix.decide.loss.assess import assess_loss

INTERVAL = 5 * SECOND
DELTA_TIME = Form("process.cpu.time", temporality=DELTA)
DELTA_MEMORY = Form("process.memory.usage", temporality=DELTA, monotonic=False)
UNSPECIFIED = Form("process.cpu.time", temporality=0)
LATENCY = Form("latency", type="histogram", temporality=DELTA)


def chained(form, *, broken=False):
    return [
        Record(form, 1.0, NOON + number * INTERVAL, NOON + (number - 1) * INTERVAL + broken, {}, process(1, "web"))
        for number in range(3)
    ]


def refused(form, exporters, *, broken=False):
    found = assess_loss(capture_of([]), capture_of(chained(form, broken=broken)), exporters=exporters).corrupted
    return [one for one in found if one.kind.value == "temporality"]


@pytest.mark.parametrize("exporter", ["prometheusremotewrite", "prometheus_remote_write/main"])
@pytest.mark.parametrize("form", [DELTA_TIME, DELTA_MEMORY, UNSPECIFIED, LATENCY], ids=lambda form: form.name)
def test_remote_write_refuses_what_is_not_cumulative(form, exporter):
    (found,) = refused(form, [exporter])
    assert found.count == 1
    assert "exports to prometheusremotewrite" in found.example


@pytest.mark.parametrize("form", [DELTA_MEMORY, UNSPECIFIED], ids=["may fall", "unspecified"])
def test_prometheus_refuses_deltas_that_may_fall_and_sums_without_temporality(form):
    assert refused(form, ["prometheus"])


def test_prometheus_adds_up_deltas_only_while_each_starts_where_the_last_ended():
    assert not refused(DELTA_TIME, ["prometheus"])
    (found,) = refused(DELTA_TIME, ["prometheus"], broken=True)
    assert "has delta temporality" in found.example


@pytest.mark.parametrize("form", [CPU_TIME, UTILIZATION], ids=lambda form: form.name)
def test_cumulative_sums_and_gauges_are_taken(form):
    assert not refused(form, ["prometheus", "prometheusremotewrite"])


def test_other_exporters_refuse_nothing():
    assert not refused(DELTA_TIME, ["otlp_http/newrelic", "debug"])


def test_an_unspecified_temporality_is_named_so():
    (found,) = refused(UNSPECIFIED, ["prometheusremotewrite"])
    assert "has unspecified temporality" in found.example
