"""Build the collector, the harness and the supervisor from the pinned sources, once, outside the tree.

An interrupted build leaves nothing but Go's own caches, from which the next one goes on. Called by the CLI when no
usable collector is on the machine, and by tests.
"""

import contextlib
import errno
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from phoenix.collector.binary import child
from phoenix.collector.binary.errors import (
    BuildDownloadError,
    BuildFailedError,
    BuildFolderError,
    BuildSpaceError,
    ToolchainMissingError,
)
from phoenix.collector.binary.sources import SOURCES, build_name, copy_sources
from phoenix.core.errors import PhoenixError

_OLDEST_GO: Final = (1, 26)
_UNFINISHED: Final = ".building-"
_NETWORK: Final = re.compile(
    r"dial tcp|no such host|i/o timeout|connection refused|proxyconnect|TLS handshake|unexpected EOF"
    r"|: [45]\d\d [A-Z]|module lookup disabled"
)


@dataclass(frozen=True, slots=True)
class Program:
    """A program to build.

    Attributes:
        step: what progress calls building it.
        package: the Go package.
        file: the name of the program in the build's folder.
        module: the folder of the Go module, in the sources.
    """

    step: str
    package: str
    file: str
    module: str = "."


_PROGRAMS: Final = (
    Program("collector", "./otelcol", "otelcol-phoenix"),
    Program("harness", "./harness", "phoenix-harness"),
    Program(
        "supervisor",
        "github.com/open-telemetry/opentelemetry-collector-contrib/cmd/opampsupervisor",
        "opampsupervisor",
        "supervisor",
    ),
)


@dataclass(frozen=True, slots=True)
class Built:
    """The programs of one build."""

    collector: Path
    harness: Path
    supervisor: Path

    @classmethod
    def in_folder(cls, folder: Path) -> "Built":
        """Return the programs of a build folder, whether they are there or not."""
        return cls(*(folder / program.file for program in _PROGRAMS))


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """How far a build is.

    Attributes:
        step: "download", or the step of the program that is built: "collector", "harness", "supervisor".
        done: modules downloaded, or packages compiled.
        total: of how many; None while that is not known. Packages of an earlier build are not compiled again, so a
            step may end long before `done` reaches `total`.
    """

    step: str
    done: int
    total: int | None


OnProgress = Callable[[BuildProgress], None]


@dataclass(frozen=True, slots=True)
class _Go:
    program: Path
    version: str


def find_built(cache: Path) -> Built | None:
    """Return the programs built last from these very sources, by whatever Go; None when they are not built yet.

    Raises:
        BuildFolderError: the cache folder cannot be read.
    """
    try:
        folders = sorted((cache / "bin").glob(f"{build_name()}-*"), key=lambda folder: folder.stat().st_mtime)
    except PermissionError as error:
        raise BuildFolderError(f"{error.filename or cache} cannot be read: {error.strerror}") from error
    return Built.in_folder(folders[-1]) if folders else None


def build(cache: Path, *, go: Path | None = None, on_progress: OnProgress | None = None) -> Built:
    """Return the programs of Phoenix's own sources; the rest is as `build_programs` says."""
    return Built.in_folder(build_programs(SOURCES, _PROGRAMS, cache, go=go, on_progress=on_progress))


def build_programs(
    sources: Path,
    programs: Sequence[Program],
    cache: Path,
    *,
    go: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Path:
    """Return the folder with the programs, building them when this Go has not built them yet.

    Another build into the same cache is waited for.

    Args:
        sources: a folder with Go modules, the first of which requires the collector.
        programs: what to build of them.
        cache: Phoenix's cache folder; the programs are put below `bin`.
        go: the Go to build with; the one on PATH when left out.
        on_progress: called at every step, from this thread.

    Raises:
        ToolchainMissingError: no Go, or one that is too old.
        BuildDownloadError: modules could not be downloaded.
        BuildSpaceError: the disk is full.
        BuildFolderError: the cache folder cannot be written.
        BuildFailedError: the compiler refused.
    """
    toolchain = _find_go(go)
    final = cache / "bin" / f"{build_name(sources)}-{toolchain.version}"
    try:
        with _only_build(cache):
            # Another process may have finished it while this one waited.
            if not final.is_dir():
                _build(final, sources, programs, toolchain, on_progress or (lambda _: None))
    except PermissionError as error:
        raise BuildFolderError(f"{error.filename or cache} cannot be written: {error.strerror}") from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise BuildSpaceError(f"{cache}: the disk is full") from error
        raise BuildFolderError(f"{error.filename or cache}: {error.strerror}") from error
    return final


def _build(final: Path, sources: Path, programs: Sequence[Program], go: _Go, on_progress: OnProgress) -> None:
    final.parent.mkdir(parents=True, exist_ok=True)
    for stale in final.parent.glob(f"{_UNFINISHED}*"):
        # Of a build that was killed: this one holds the lock, so that no other is under way.
        shutil.rmtree(stale, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=final.parent) as folder:
        copied, made, temporary = (Path(folder) / name for name in ("sources", "made", "temporary"))
        copy_sources(copied, sources)
        temporary.mkdir()
        for program in programs:
            job = _Job(program.step, go, copied / program.module, temporary, on_progress)
            _compile(job, program.package, made / program.file)
        # A rename is atomic: what stands under the final name is whole.
        made.rename(final)


@dataclass(frozen=True, slots=True)
class _Job:
    step: str
    go: _Go
    module: Path
    temporary: Path
    on_progress: OnProgress


def _compile(job: _Job, package: str, output: Path) -> None:
    downloaded = compiled = 0

    def count_download(line: str) -> None:
        nonlocal downloaded
        if line.startswith("go: downloading"):
            downloaded += 1
            job.on_progress(BuildProgress("download", downloaded, None))

    total = len(_run(job, ["list", "-deps", package], count_download))

    def count_package(line: str) -> None:
        nonlocal compiled
        # With -v the compiler names each package as it begins with it; anything else is a remark or an error.
        if " " not in line and ":" not in line:
            compiled += 1
            job.on_progress(BuildProgress(job.step, compiled, total))

    job.on_progress(BuildProgress(job.step, 0, total))
    _run(job, ["build", "-v", "-trimpath", "-ldflags=-s -w", "-o", str(output), package], count_package)
    job.on_progress(BuildProgress(job.step, total, total))


def _run(job: _Job, arguments: list[str], on_line: Callable[[str], None]) -> list[str]:
    environment = {
        **os.environ,
        # The pinned versions, whatever the user's Go settings are; without C, so that no compiler for it is needed.
        "GOFLAGS": "-mod=readonly -buildvcs=false",
        "GOWORK": "off",
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
        # Go leaves its temporary files where they are when it is killed.
        "GOTMPDIR": str(job.temporary),
        "TMPDIR": str(job.temporary),
    }
    last: deque[str] = deque(maxlen=40)
    with tempfile.TemporaryFile() as answers:
        process = subprocess.Popen(
            child.tethered(job.go.program, *arguments),
            cwd=job.module,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=answers,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            for raw in process.stderr or ():
                line = raw.decode(errors="replace").rstrip()
                last.append(line)
                on_line(line)
            status = process.wait()
        finally:
            child.kill(process)
            if process.stderr:
                process.stderr.close()
        if status != 0:
            raise _failure(arguments, "\n".join(last))
        answers.seek(0)
        return answers.read().decode().splitlines()


def _failure(arguments: list[str], output: str) -> PhoenixError:
    said = next((line for line in output.splitlines() if _NETWORK.search(line)), None)
    if "no space left on device" in output:
        return BuildSpaceError("the disk is full: Go could not write what it built", output=output)
    if said is not None:
        return BuildDownloadError(f"Go modules could not be downloaded: {said}", output=output)
    ending = output.strip().splitlines()[-1:] or ["no message"]
    return BuildFailedError(f"go {arguments[0]} ended with an error: {ending[0]}", output=output)


def _find_go(named: Path | None) -> _Go:
    # The one that came with this environment is the pinned one; the system's would be another build of the same.
    found = named or shutil.which("go", path=str(Path(sys.executable).parent)) or shutil.which("go")
    if found is None:
        raise ToolchainMissingError(f"no go on PATH; building a collector needs Go {_OLDEST_GO[0]}.{_OLDEST_GO[1]}")
    try:
        # GOVERSION is that of the toolchain itself; GOROOT leads past wrappers, which would not end with us.
        answer = subprocess.run(
            [str(found), "env", "GOVERSION", "GOROOT"],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            cwd="/",
            env={**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": ""},
        )
        version, root = answer.stdout.splitlines()[:2]
        numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise ToolchainMissingError(f"{found} is not a Go toolchain: {error}") from error
    if numbers < _OLDEST_GO:
        raise ToolchainMissingError(f"{found} is {version}; Go {_OLDEST_GO[0]}.{_OLDEST_GO[1]} or newer is needed")
    real = Path(root) / "bin" / "go"
    return _Go(real if real.exists() else Path(found), version)


@contextlib.contextmanager
def _only_build(cache: Path) -> Iterator[None]:
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
