"""OTLP as JSON lines, each one request, as the collector's file exporter writes them."""

from phoenix.telemetry.jsonlines.lines import MAX_LINE_BYTES, read_lines, write_lines

__all__ = ["MAX_LINE_BYTES", "read_lines", "write_lines"]
