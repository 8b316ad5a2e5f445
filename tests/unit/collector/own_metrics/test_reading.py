from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from phoenix.collector.own_metrics.model import ExporterCounts, ProcessorCounts, ReceiverCounts
from phoenix.collector.own_metrics.reading import read_own_metrics
from phoenix.telemetry.codec import decode


class Report:
    def __init__(self, time=5, **resource):
        self.request, self.time = ExportMetricsServiceRequest(), time
        added = self.request.resource_metrics.add()
        for key, value in resource.items():
            added.resource.attributes.add(key=key.replace("_", ".")).value.string_value = value
        self.scope = added.scope_metrics.add()

    def says(self, name, value, *, histogram=False, **attributes):
        metric = self.scope.metrics.add(name=name)
        if histogram:
            point: Any = metric.histogram.data_points.add(time_unix_nano=self.time, sum=value, count=1)
        else:
            point = metric.sum.data_points.add(time_unix_nano=self.time)
            setattr(point, "as_int" if isinstance(value, int) else "as_double", value)
        for key, text in attributes.items():
            point.attributes.add(key=key.replace("_", ".") if key != "data_type" else key).value.string_value = text
        return self

    @property
    def readings(self):
        return read_own_metrics(decode([self.request.SerializeToString()]))


def test_reads_the_process_its_config_and_its_instance():
    report = Report(phoenix_revision="rev-1", service_instance_id="abc")
    report.says("otelcol_process_uptime", 7.5).says("otelcol_process_cpu_seconds", 0.25)
    (reading,) = report.says("otelcol_process_memory_rss", 1000).readings
    assert (reading.time, reading.revision, reading.instance) == (5, "rev-1", "abc")
    assert (reading.uptime_seconds, reading.cpu_seconds, reading.memory_bytes) == (7.5, 0.25, 1000)


def test_counts_of_a_component_are_added_up_over_its_points():
    report = Report().says("otelcol_exporter_sent_metric_points", 5, exporter="otlp/a")
    for kind in ("timeout", "refused"):
        report.says("otelcol_exporter_send_failed_metric_points", 2, exporter="otlp/a", error_type=kind)
    report.says("otelcol_receiver_accepted_metric_points", 9, receiver="host_metrics", transport="")
    (reading,) = report.readings
    assert reading.exporters == {"otlp/a": ExporterCounts(sent=5, send_failed=4)}
    assert reading.receivers == {"host_metrics": ReceiverCounts(accepted=9)}


def test_other_signals_are_left_out():
    report = Report().says("otelcol_exporter_queue_size", 3, exporter="otlp/a", data_type="metrics")
    report.says("otelcol_exporter_queue_size", 8, exporter="otlp/a", data_type="logs")
    report.says("otelcol_processor_incoming_items", 8, processor="batch", otel_signal="traces")
    report.says("otelcol_processor_internal_duration", 0.5, processor="filter/x", otel_signal="metrics", histogram=True)
    (reading,) = report.readings
    assert reading.exporters == {"otlp/a": ExporterCounts(queue_size=3)}
    assert reading.processors == {"filter/x": ProcessorCounts(seconds=0.5)}


def test_what_is_no_report_of_a_collector_gives_no_reading():
    assert Report().says("process.cpu.time", 1).readings == ()
    assert read_own_metrics(decode([])) == ()


def test_values_that_are_no_numbers_and_components_without_a_name_are_passed_over():
    report = Report().says("otelcol_process_uptime", float("nan")).says("otelcol_exporter_queue_size", 1)
    assert report.says("otelcol_process_cpu_seconds", 1.0).readings[0].exporters == {}
