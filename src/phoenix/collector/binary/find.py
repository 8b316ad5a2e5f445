"""Find a collector or supervisor that Phoenix may use: named, on PATH, or built before."""

import mmap
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from phoenix.collector.binary import child
from phoenix.collector.binary.build import find_built
from phoenix.collector.binary.errors import (
    CollectorVersionError,
    ComponentsMissingError,
    ProgramNotFoundError,
    ProgramUnusableError,
)
from phoenix.collector.config.names import Kind
from phoenix.collector.config.types import ComponentListError, ComponentTypes
from phoenix.core.errors import PhoenixError

COLLECTOR_NAMES: Final = ("otelcol-contrib", "otelcol", "otelcol-phoenix")
SUPERVISOR_NAMES: Final = ("opampsupervisor",)
OLDEST_COLLECTOR: Final = (0, 155, 0)
OLDEST_SUPERVISOR: Final = (0, 149, 0)

# What the catalogue's pipelines, recording and replay are made of.
NEEDED: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.RECEIVERS: frozenset({"host_metrics", "otlp"}),
    Kind.PROCESSORS: frozenset(
        {
            *("attributes", "batch", "cumulative_to_delta", "delta_to_cumulative", "filter", "groupbyattrs"),
            *("interval", "memory_limiter", "metrics_transform", "resource", "resource_detection", "transform"),
        }
    ),
    Kind.EXPORTERS: frozenset({"debug", "file", "nop", "otlp_grpc", "otlp_http"}),
}

_ANSWER_SECONDS: Final = 30
_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)")
# Go writes the modules of a program into it; stripping leaves them.
_SUPERVISOR_MODULE: Final = re.compile(
    rb"(?:mod|dep)\tgithub\.com/open-telemetry/opentelemetry-collector-contrib/cmd/opampsupervisor\tv(\d+)\.(\d+)\.(\d+)"
)


class Origin(StrEnum):
    """How a program was found."""

    NAMED = "named"
    PATH = "path"
    BUILT = "built"


@dataclass(frozen=True, slots=True)
class Collector:
    """A collector that can be run here.

    Attributes:
        types: the components built into it.
    """

    path: Path
    version: str
    types: ComponentTypes
    origin: Origin


@dataclass(frozen=True, slots=True)
class Supervisor:
    """A supervisor that can be run here."""

    path: Path
    version: str
    origin: Origin


_Found = TypeVar("_Found", Collector, Supervisor)


def find_collector(
    *,
    named: Path | None = None,
    cache: Path | None = None,
    search_path: str | None = None,
    needed: Mapping[Kind, frozenset[str]] = NEEDED,
    oldest: tuple[int, int, int] = OLDEST_COLLECTOR,
) -> Collector:
    """Return the collector named; else the first fit one on PATH; else the one built before.

    Args:
        named: a setting of the user's; it is used or refused, never passed over.
        cache: Phoenix's cache folder, where `build` puts what it builds.
        search_path: instead of the environment's PATH.
        needed: the components it must have.
        oldest: the version it must have, or a newer one.

    Raises:
        ProgramUnusableError: the one named does not run or is no collector.
        CollectorVersionError: the one named is older than `oldest`.
        ComponentsMissingError: the one named lacks components.
        ProgramNotFoundError: none was named and none was found; the details say what was rejected.
    """
    built = find_built(cache) if cache else None

    def look(path: Path, origin: Origin) -> Collector:
        return _look_at_collector(path, origin, needed, oldest)

    return _find(look, named, COLLECTOR_NAMES, search_path, built.collector if built else None)


def find_supervisor(
    *, named: Path | None = None, cache: Path | None = None, search_path: str | None = None
) -> Supervisor:
    """Return the supervisor named; else the first fit one on PATH; else the one built before.

    Raises:
        ProgramUnusableError: the one named is no supervisor.
        CollectorVersionError: the one named is older than 0.149.
        ProgramNotFoundError: none was named and none was found.
    """
    built = find_built(cache) if cache else None
    return _find(_look_at_supervisor, named, SUPERVISOR_NAMES, search_path, built.supervisor if built else None)


def _find(
    look: Callable[[Path, Origin], _Found],
    named: Path | None,
    names: tuple[str, ...],
    search_path: str | None,
    built: Path | None,
) -> _Found:
    if named is not None:
        return look(named, Origin.NAMED)
    rejected: dict[str, str] = {}
    for name in names:
        if found := shutil.which(name, path=search_path):
            try:
                return look(Path(found), Origin.PATH)
            except PhoenixError as error:
                rejected[found] = error.message
    if built is not None:
        return look(built, Origin.BUILT)
    seen = "; ".join(rejected.values()) or f"{' and '.join(names)} are not on PATH"
    raise ProgramNotFoundError(f"no usable {names[0]} here: {seen}", rejected=rejected)


def _look_at_collector(
    path: Path, origin: Origin, needed: Mapping[Kind, frozenset[str]], oldest: tuple[int, int, int]
) -> Collector:
    version = _VERSION.search(_say(path, "--version"))
    if version is None:
        raise ProgramUnusableError(f"{path} does not say a version: it is no collector")
    if tuple(map(int, version.groups())) < oldest:
        raise _too_old(path, version[0], oldest)
    try:
        types = ComponentTypes.parse(_say(path, "components"))
    except ComponentListError as error:
        raise ProgramUnusableError(f"{path}: {error.message}") from error
    # Old names of a collector from before they changed do not count: what Phoenix renders says the present ones.
    lacks = {kind.value: sorted(names - types.signals[kind].keys()) for kind, names in needed.items()}
    missing = {kind: names for kind, names in lacks.items() if names}
    if missing:
        listed = "; ".join(f"{kind} {', '.join(names)}" for kind, names in missing.items())
        raise ComponentsMissingError(f"{path} ({version[0]}) lacks {listed}", missing=missing)
    return Collector(path, version[0], types, origin)


def _look_at_supervisor(path: Path, origin: Origin) -> Supervisor:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            found = _SUPERVISOR_MODULE.search(content)
            numbers = tuple(map(int, found.groups())) if found else None
    except (OSError, ValueError) as error:
        raise ProgramUnusableError(f"{path} cannot be read: {error}") from error
    if numbers is None or not os.access(path, os.X_OK):
        raise ProgramUnusableError(f"{path} is not an OpAMP supervisor, or does not say its version")
    version = ".".join(map(str, numbers))
    if numbers < OLDEST_SUPERVISOR:
        raise _too_old(path, version, OLDEST_SUPERVISOR)
    return Supervisor(path, version, origin)


def _too_old(path: Path, version: str, oldest: tuple[int, ...]) -> CollectorVersionError:
    needed = ".".join(map(str, oldest))
    return CollectorVersionError(
        f"{path} is version {version}; at least {needed} is needed", version=version, needed=needed
    )


def _say(path: Path, argument: str) -> str:
    try:
        # In a group of its own, so that a script that hangs ends with what it has started.
        process = subprocess.Popen(
            [path, argument],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise ProgramUnusableError(f"{path} cannot be started: {error.strerror}") from error
    with process:
        try:
            output, errors = process.communicate(timeout=_ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            raise ProgramUnusableError(f"`{path} {argument}` does not answer: {_ANSWER_SECONDS} s went by") from None
        finally:
            child.kill(process)
    if process.returncode != 0:
        said = errors.decode(errors="replace").strip().splitlines()[-1:]
        reason = "".join(f": {line}" for line in said)
        raise ProgramUnusableError(f"`{path} {argument}` {child.ending(process.returncode)}{reason}")
    return output.decode(errors="replace")
