"""Which configs a host's collector can run."""

import pytest

from phoenix.control.fleet.rules.compatibility import missing, needs, too_old, unfit

CONFIG = """\
receivers: {hostmetrics: {scrapers: {process: {}}}, otlp: {protocols: {grpc: {}}}}
processors: {filter/a: {}, batch: {}, transform/unused: {}}
exporters: {otlphttp/vendor: {endpoint: "https://vendor.example"}}
connectors: {forward/x: {}}
extensions: {file_storage: {}}
service:
  extensions: [file_storage]
  pipelines:
    metrics: {receivers: [hostmetrics], processors: [filter/a, batch], exporters: [forward/x]}
    metrics/out: {receivers: [forward/x], exporters: [otlphttp/vendor]}
"""
HAS = {
    "receivers": ("host_metrics", "hostmetrics"),
    "processors": ("batch", "filter"),
    "exporters": ("otlp_http",),
    "connectors": ("forward",),
    "extensions": ("file_storage", "opamp"),
}


def test_needs_what_pipelines_and_extensions_use_in_todays_names():
    assert needs(CONFIG) == {
        "connectors": ("forward",),
        "exporters": ("otlp_http",),
        "extensions": ("file_storage",),
        "processors": ("batch", "filter"),
        "receivers": ("host_metrics",),
    }


def test_old_names_on_either_side_are_the_same_component():
    assert missing(needs(CONFIG), {**HAS, "exporters": ("otlphttp",)}) == ()


def test_what_a_collector_lacks_is_named():
    assert missing(needs(CONFIG), {**HAS, "processors": ("batch",)}) == ("processor filter",)
    found = unfit(needs(CONFIG), {}, name="otelcol", version="0.160.0", pinned="0.160.0")
    assert found == "", "a collector that never said what it has may have everything"


@pytest.mark.parametrize(
    ("name", "version", "old"),
    [
        ("otelcol", "0.159.2", True),
        ("otelcol-contrib", "v0.99.0", True),
        ("otelcol", "0.160.3", False),
        ("otelcol", "0.161.0", False),
        ("otelcol", "1.0.0", False),
        ("acme-collector", "0.1.0", False),
        ("otelcol", "unknown", False),
        ("", "", False),
    ],
)
def test_an_older_collector_is_unfit_where_versions_can_be_compared(name, version, old):
    assert too_old(name, version, "0.160.0") is old


def test_the_reason_says_what_and_why():
    assert unfit(needs(CONFIG), {**HAS, "receivers": ()}, name="", version="", pinned="") == (
        "its collector has no receiver host_metrics"
    )
    assert "0.150.0" in unfit({}, HAS, name="otelcol", version="0.150.0", pinned="0.160.0")
