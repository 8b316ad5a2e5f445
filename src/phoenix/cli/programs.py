"""The collector, supervisor and harness that commands run: found, or built with a progress bar the first time."""

from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from phoenix.cli.context import Cli
from phoenix.collector.binary.build import BuildProgress, Built, build, find_built
from phoenix.collector.binary.errors import ProgramNotFoundError
from phoenix.collector.binary.find import Collector, Supervisor, find_collector, find_supervisor

if TYPE_CHECKING:
    from phoenix.cli.terminal.progress import Step

_TITLES = {
    "download": "Downloading Go modules",
    "collector": "Building the collector (once, minutes)",
    "harness": "Building the replay harness",
    "supervisor": "Building the supervisor",
}


def the_collector(cli: Cli) -> Collector:
    """Return the collector of the settings, else one on PATH, else the one that Phoenix builds, now if need be.

    Raises:
        PhoenixError: the one named is unfit, or building failed; the message says why.
    """
    named, cache = cli.settings.collector.binary, cli.settings.cache_dir
    try:
        return find_collector(named=named, cache=cache)
    except ProgramNotFoundError:
        build_programs(cli)
        return find_collector(named=named, cache=cache)


def the_supervisor(cli: Cli) -> Supervisor:
    """Return the supervisor, found as `the_collector` is; raises alike."""
    named, cache = cli.settings.collector.supervisor, cli.settings.cache_dir
    try:
        return find_supervisor(named=named, cache=cache)
    except ProgramNotFoundError:
        build_programs(cli)
        return find_supervisor(named=named, cache=cache)


def build_programs(cli: Cli) -> Built:
    """Return the programs that Phoenix builds from its manifest; again it takes no time.

    Raises:
        PhoenixError: no Go, no network, no room, or the compiler refused.
    """
    # Whatever Go built them: another Go on PATH today is no reason to build for minutes again.
    if (built := find_built(cli.settings.cache_dir)) is not None:
        return built
    with _BuildShown(cli) as shown:
        return build(cli.settings.cache_dir, on_progress=shown)


class _BuildShown:
    """Turns the builder's progress into one bar a step."""

    def __init__(self, cli: Cli) -> None:
        self._cli = cli
        self._step = ""
        self._steps = ExitStack()
        self._bar: Step | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._steps.__exit__(kind, error, trace)

    def __call__(self, progress: BuildProgress) -> None:
        if progress.step != self._step:
            self._steps.close()
            self._step = progress.step
            self._bar = self._steps.enter_context(self._cli.progress(_TITLES[progress.step], progress.total))
        if self._bar is not None:
            self._bar.done(progress.done)
