"""The revision is read where composing writes it, and nowhere else."""

import pytest

from phoenix.control.fleet.rules.marker import revision_of

SORTED = """\
exporters:
    otlp_http/vendor:
        endpoint: https://vendor.example
        headers: '[REDACTED]'
service:
    pipelines:
        metrics:
            exporters:
                - otlp_http/vendor
    telemetry:
        metrics:
            level: detailed
        resource:
            phoenix.revision: rev-01kdz4x8m2q3v7c9t0w1y2
            service.name: otelcol
"""
LISTED = """\
service:
  telemetry:
    resource:
      attributes:
        - {name: service.name, value: otelcol}
        - {name: phoenix.revision, value: rev-2}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SORTED, "rev-01kdz4x8m2q3v7c9t0w1y2"),
        (SORTED.rstrip(), "rev-01kdz4x8m2q3v7c9t0w1y2"),
        (LISTED, "rev-2"),
        ('{"service": {"telemetry": {"resource": {"phoenix.revision": "rev-3"}}}}', "rev-3"),
        ("", None),
        ("a: [", None),
        ("phoenix.revision: [", None),
        ("# phoenix.revision: rev-9\nservice: {}\n", None),
        ("processors:\n  resource:\n    phoenix.revision: rev-9\nservice:\n  pipelines: {}\n", None),
        ("service:\n  telemetry:\n    resource:\n      phoenix.revision: null\n", None),
        ("service:\n  telemetry: phoenix.revision\n", None),
    ],
)
def test_only_the_marker_counts(text, expected):
    assert revision_of(text) == expected
