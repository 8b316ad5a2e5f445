"""A whole collector config around the processors of one pipeline."""

from phoenix.collector.config.document import ConfigDocument


def metrics_config(processors: str, definitions: str = "{}") -> ConfigDocument:
    """Return a config with one metrics pipeline of `processors` (names, comma between), defined by YAML."""
    return ConfigDocument.parse(
        f"""\
receivers: {{host_metrics: {{scrapers: {{process: }}}}}}
exporters: {{otlp_http: {{endpoint: "https://${{env:HOST}}", headers: {{key: "${{env:KEY}}"}}}}}}
service:
  pipelines:
    metrics: {{receivers: [host_metrics], processors: [{processors}], exporters: [otlp_http]}}
processors:{" " if definitions.startswith("{") else ""}{definitions}
"""
    )
