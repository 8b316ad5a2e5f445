"""Build a second real collector, 0.152.0: before 0.153 changed the default error_mode of filter and transform.

It has few components, is built once into Phoenix's cache folder as Phoenix's own programs are, and calls processors by
their names of that time, such as cumulativetodelta.
"""

from pathlib import Path

from phoenix.collector.binary.build import Program, build_programs

SOURCES = Path(__file__).parent / "sources"
VERSION = "0.152.0"

_PROGRAM = Program("collector", ".", "otelcol-old")


def old_collector(cache: Path) -> Path:
    """Return the program, building it when it is not there yet; raises as `build_programs` does."""
    return build_programs(SOURCES, [_PROGRAM], cache) / _PROGRAM.file
