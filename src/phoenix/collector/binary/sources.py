"""The Go sources of collectors: which files they are, and the name that a build of them has.

Those that ship with Phoenix are meant unless a folder is named; tests have sources of an older collector.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SOURCES: Final = Path(__file__).parents[1] / "sources"

_VERSION: Final = re.compile(r"go\.opentelemetry\.io/collector/otelcol v(\S+)")


def source_files(sources: Path = SOURCES) -> Iterator[Path]:
    """Yield every file of the sources, by name."""
    for path in sorted(sources.rglob("*")):
        if path.is_file() and path.suffix in {".go", ".mod", ".sum", ".yaml"}:
            yield path


def collector_version(sources: Path = SOURCES) -> str:
    """Return the version of the collector that the sources build."""
    found = _VERSION.search((sources / "go.mod").read_text())
    if found is None:
        raise RuntimeError(f"{sources / 'go.mod'} requires no collector")
    return found[1]


def build_name(sources: Path = SOURCES) -> str:
    """Return the folder name of a build: the collector's version and a hash of every source file."""
    digest = hashlib.sha256()
    for path in source_files(sources):
        body = path.read_bytes()
        digest.update(f"{path.relative_to(sources)} {len(body)}\n".encode())
        digest.update(body)
    return f"{collector_version(sources)}-{digest.hexdigest()[:12]}"


def copy_sources(to: Path, sources: Path = SOURCES) -> None:
    """Write the sources below `to`, links followed; the tree itself is never built in."""
    for path in source_files(sources):
        target = to / path.relative_to(sources)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
