"""What the ingest and the meter count, shown in Prometheus's words when `/metrics` is asked for."""

import dataclasses
from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from phoenix.control.metering.service import Metering
from phoenix.edge.otlp.limits import OtlpCounters


class IngestMetrics(Collector):
    """Reads the counters at each scrape; they are plain numbers, which cost the ingest nothing."""

    def __init__(self, otlp: OtlpCounters, metering: Metering) -> None:
        self._otlp, self._metering = otlp, metering

    def collect(self) -> Iterable[Metric]:
        """Yield every count and gauge."""
        requests = CounterMetricFamily("phoenix_otlp_requests", "Requests answered.", labels=("protocol", "code"))
        for (protocol, code), count in sorted(self._otlp.outcomes.items()):
            requests.add_metric((protocol, code), count)
        yield requests
        yield CounterMetricFamily("phoenix_otlp_wire_bytes", "Bytes of bodies as sent.", self._otlp.wire_bytes)
        yield CounterMetricFamily(
            "phoenix_otlp_decoded_bytes", "Bytes of bodies after decompression.", self._otlp.decoded_bytes
        )
        yield CounterMetricFamily(
            "phoenix_otlp_rejected_points", "Points rejected in bodies taken otherwise.", self._otlp.rejected_points
        )
        yield GaugeMetricFamily("phoenix_otlp_held_bytes", "Bytes of bodies being read.", self._otlp.held_bytes)
        for name, value in dataclasses.asdict(self._metering.counters).items():
            yield CounterMetricFamily(f"phoenix_meter_{name}", f"The meter's {name.replace('_', ' ')}.", value)
        load = self._metering.load()
        for name in ("streams", "open_windows", "open_points", "waiting_bodies", "waiting_bytes", "pending_rows"):
            yield GaugeMetricFamily(
                f"phoenix_meter_{name}", f"The meter's {name.replace('_', ' ')} now.", getattr(load, name)
            )
