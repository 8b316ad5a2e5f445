"""Two pass-through arms of one collector see the same: resources, timestamps and values, scrape by scrape."""

from tests.support.live.collector import live_collector
from tests.support.live.otlp_sink import own_values, telemetry_resource
from tests.support.live.pairs import config, paired

from phoenix.telemetry.codec import decode
from phoenix.telemetry.diff import diff, same_tree

SCRAPES = 4
PROCESSES = (
    "host_metrics: {collection_interval: 500ms, initial_delay: 0s, "
    "scrapers: {process: {mute_process_all_errors: true}, memory: {}}}"
)


def test_both_arms_and_production_get_the_same_scrapes(collector_binary, tmp_path, sink):
    document = config(PROCESSES, tmp_path)
    composed = paired(document, document, sink.url)
    with live_collector(collector_binary, tmp_path, composed.text) as live:
        sink.wait_for("/candidate/", SCRAPES)
        sink.wait_for("/baseline/", SCRAPES)
        written = live.wait_for_written(SCRAPES)[:SCRAPES]
    baseline, candidate = ([request.body for request in sink.received(arm)][:SCRAPES] for arm in _ARMS)

    assert composed.unpaired == ()
    for one, other, production in zip(baseline, candidate, written, strict=True):
        first, second = decode([one]), decode([other])
        assert len(first.points) > 100
        assert diff(first, second).equal
        assert same_tree(first, second)
        assert diff(decode([production]), first).equal


def test_own_metrics_tell_the_arms_apart_and_carry_the_revision(collector_binary, tmp_path, sink):
    keep = {"filter/keep": "{metric_conditions: ['metric.name == \"system.memory.usage\"']}"}
    composed = paired(config(PROCESSES, tmp_path, keep), config(PROCESSES, tmp_path, keep), sink.url)
    with live_collector(collector_binary, tmp_path, composed.text):
        sink.wait_for("/candidate/", SCRAPES)
        sink.wait_for("/own/", 2)
    last = sink.received("/own/")[-1]

    assert last.authorization == "Bearer secret"
    assert all(request.authorization == "Bearer secret" for request in sink.received("/otlp/exp-1/"))
    assert telemetry_resource(last.message)["phoenix.revision"] == composed.revision
    sent = own_values(last.message, "otelcol_exporter_sent_metric_points", "exporter")
    assert sent.keys() == {*composed.exporters, "otlp_http/phoenix_baseline", "otlp_http/phoenix_candidate"}
    assert len(set(sent.values())) == 1
    incoming = own_values(last.message, "otelcol_processor_incoming_items", "processor")
    assert incoming.keys() == {name for names in composed.processors.values() for name in names}
    accepted = own_values(last.message, "otelcol_receiver_accepted_metric_points", "receiver")
    assert accepted.keys() == set(composed.receivers)


_ARMS = ("/otlp/exp-1/baseline/rev-1/v1/metrics", "/otlp/exp-1/candidate/rev-1/v1/metrics")
