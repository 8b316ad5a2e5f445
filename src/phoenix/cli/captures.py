"""Captures as commands read, show and export them."""

from pathlib import Path

from phoenix.cli.files import output_file
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.importing import import_capture
from phoenix.telemetry.jsonlines import write_lines
from phoenix.telemetry.storage import load


def read_capture(path: Path) -> Capture:
    """Return the capture in a folder, or the requests in a file as `capture import` reads them; raises as they do."""
    return import_capture(path) if path.is_file() else load(path)


def origin_text(capture: Capture) -> str:
    """Return where a capture comes from, in a few words."""
    origin = capture.origin
    if not origin.host:
        return f"imported from {origin.notes.get('imported_from', 'elsewhere')}"
    return f"recorded {origin.recorded_at} on {origin.host} by collector {origin.collector_version}"


def write_otlp_file(path: Path, capture: Capture) -> None:
    """Write a capture as OTLP JSON lines, one a request; raises as `output_file` does."""
    with output_file(path) as fresh, fresh.open("wb") as stream:
        stream.writelines(write_lines(capture))
