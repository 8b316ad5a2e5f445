"""Collector configs for tests: a metrics pipeline from parts, everything else as it should be."""

HOST = "host_metrics: {collection_interval: 10s, scrapers: {process: }}"
OTLP = "otlp: {protocols: {grpc: }}"
SOUND = {
    "memory_limiter": "{check_interval: 1s, limit_mib: 200}",
    "resource_detection": "{detectors: [system]}",
}


def metrics_config(
    processors: dict[str, str] | None = None,
    *,
    receiver: str = HOST,
    exporter: str = 'otlp_http: {endpoint: "http://127.0.0.1:4318"}',
) -> str:
    """Return a config with one metrics pipeline: the sound processors first, then `processors` (id to flow YAML)."""
    given = {**SOUND, **(processors or {})}
    return pipeline_config(given, receiver=receiver, exporter=exporter)


def pipeline_config(processors: dict[str, str], *, receiver: str = OTLP, exporter: str = "nop: ") -> str:
    """Return a config with one metrics pipeline of exactly these processors."""
    receiver_id, exporter_id = (part.partition(": ")[0] for part in (receiver, exporter))
    lines = ["receivers:", f"  {receiver}", "processors:"]
    lines += [f"  {name}: {settings}" for name, settings in processors.items()]
    lines += ["exporters:", f"  {exporter}", "service:", "  pipelines:", "    metrics:"]
    lines += [f"      receivers: [{receiver_id}]", f"      processors: [{', '.join(processors)}]"]
    return "\n".join([*lines, f"      exporters: [{exporter_id}]", ""])
