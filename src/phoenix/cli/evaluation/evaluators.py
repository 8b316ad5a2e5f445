"""Which evaluator answers a what-if: columns, the collector's own code on a virtual clock, or a collector elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from phoenix.cli.context import Cli
from phoenix.cli.programs import the_collector
from phoenix.collector.binary.build import find_built
from phoenix.collector.binary.errors import ProgramNotFoundError
from phoenix.collector.binary.find import Collector, find_collector
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import UnsupportedComponentError
from phoenix.collector.evaluator import Evaluator
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.collector.replay.stock import StockReplay
from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.engine.lineage import origins_of
from phoenix.engine.opening import close_frame
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.lineage import Origins


class EvaluatorChoice(StrEnum):
    """What `--evaluator` takes."""

    COLUMNAR = "columnar"
    COLLECTOR = "collector"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an evaluator said of one config.

    Attributes:
        capture: what the exporters would have received.
        evaluator: who said so: columnar or collector, never auto.
        version: the collector version whose behaviour it is.
        origins: which points of the input those of the output came from; None when a collector answered.
    """

    capture: Capture
    evaluator: EvaluatorChoice
    version: str
    origins: Origins | None = None


class Answering(Protocol):
    """An evaluator that says who answered."""

    def answer(self, config: ConfigDocument, capture: Capture, *, pipeline: str | None = None) -> Answer:
        """Return what `Evaluator.evaluate` returns, and what is known of it; raises alike."""
        ...


@contextmanager
def open_evaluator(cli: Cli, choice: EvaluatorChoice) -> Iterator[Answering]:
    """Give what answers while the body runs.

    `columnar` needs no collector at all, and refuses what it does not do by name and place. `collector` is the replay
    harness, which links the modules of the collector that Phoenix builds. Where the settings or PATH gave another
    collector, its version decides: the harness answers for the same version if it is built already, else the binary
    itself does, so that nothing is built that is not needed. `auto` tries columns first, unless the collector is of
    another version than theirs; what they refuse goes to the harness with its whole pipeline, and what that refuses to
    the binary, and it says so.

    Raises:
        PhoenixError: a program is missing and cannot be built.
    """
    with ExitStack() as stack:
        if choice is EvaluatorChoice.COLLECTOR:
            yield _Collector(stack.enter_context(open_collector(cli)))
            return
        columns = ColumnarEvaluator()
        if choice is EvaluatorChoice.COLUMNAR:
            yield _Columns(columns)
            return

        def collector() -> _Collector:
            return _Collector(stack.enter_context(open_collector(cli, fallback=True)))

        same = _version_in_use(cli) in {None, columns.version}
        yield _ColumnsFirst(cli, _Columns(columns), collector) if same else collector()


@dataclass(frozen=True, slots=True)
class _Collector:
    evaluator: Evaluator

    def answer(self, config: ConfigDocument, capture: Capture, *, pipeline: str | None = None) -> Answer:
        after = self.evaluator.evaluate(config, capture, pipeline=pipeline)
        return Answer(after, EvaluatorChoice.COLLECTOR, self.evaluator.version)


@dataclass(frozen=True, slots=True)
class _Columns:
    evaluator: ColumnarEvaluator

    def answer(self, config: ConfigDocument, capture: Capture, *, pipeline: str | None = None) -> Answer:
        frame = self.evaluator.run(config, capture, pipeline=pipeline)
        return Answer(close_frame(frame), EvaluatorChoice.COLUMNAR, self.evaluator.version, origins_of(frame))


class _ColumnsFirst:
    """Columns, and the collector, opened when it is needed first, for what they refuse by name."""

    def __init__(self, cli: Cli, columns: _Columns, open_collector: Callable[[], _Collector]) -> None:
        self._cli, self._columns, self._open = cli, columns, open_collector
        self._collector: _Collector | None = None

    def answer(self, config: ConfigDocument, capture: Capture, *, pipeline: str | None = None) -> Answer:
        try:
            return self._columns.answer(config, capture, pipeline=pipeline)
        except UnsupportedComponentError as error:
            self._cli.say(f"{error.message}; evaluating the whole pipeline with the collector")
        if self._collector is None:
            self._collector = self._open()
        return self._collector.answer(config, capture, pipeline=pipeline)


def _version_in_use(cli: Cli) -> str | None:
    """Return the version of the collector that the user has, None when there is none yet."""
    try:
        return find_collector(named=cli.settings.collector.binary, cache=cli.settings.cache_dir).version
    except ProgramNotFoundError:
        return None


@contextmanager
def open_collector(cli: Cli, *, fallback: bool = False) -> Iterator[Evaluator]:
    """Give the evaluator that `--evaluator collector` means, while the body runs.

    With `fallback` what the harness refuses goes to the binary.

    Raises:
        PhoenixError: a program is missing and cannot be built.
    """
    collector = the_collector(cli)
    built = find_built(cli.settings.cache_dir)
    if built is None:
        yield _stock(cli, collector)
        return
    with HarnessReplay(built.harness) as harness:
        if collector.version != harness.version:
            yield _stock(cli, collector)
        elif fallback:
            yield _WithFallback(cli, harness)
        else:
            yield harness


def _stock(cli: Cli, collector: Collector) -> Evaluator:
    cli.say(f"evaluating with {collector.path}, version {collector.version}")
    return StockReplay(collector.path, collector.version)


class _WithFallback:
    """An `Evaluator`: the harness, and the stock binary for what the harness refuses by name."""

    def __init__(self, cli: Cli, harness: HarnessReplay) -> None:
        self._cli, self._harness = cli, harness

    @property
    def version(self) -> str:
        """The version of the harness."""
        return self._harness.version

    def evaluate(self, config: ConfigDocument, capture: Capture, *, pipeline: str | None = None) -> Capture:
        """Return what `Evaluator.evaluate` says."""
        try:
            return self._harness.evaluate(config, capture, pipeline=pipeline)
        except UnsupportedComponentError as error:
            collector = the_collector(self._cli)
            self._cli.say(f"{error.message}; evaluating with the collector {collector.version} itself")
            return StockReplay(collector.path, collector.version).evaluate(config, capture, pipeline=pipeline)
