"""Which evaluator answers a what-if: the collector's own code on a virtual clock, or a collector found elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from phoenix.cli.context import Cli
from phoenix.cli.programs import the_collector
from phoenix.collector.binary.build import find_built
from phoenix.collector.binary.find import Collector
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import UnsupportedComponentError
from phoenix.collector.evaluator import Evaluator
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.collector.replay.stock import StockReplay
from phoenix.telemetry.capture import Capture


class EvaluatorChoice(StrEnum):
    """What `--evaluator` takes."""

    COLLECTOR = "collector"
    AUTO = "auto"


@contextmanager
def open_evaluator(cli: Cli, choice: EvaluatorChoice) -> Iterator[Evaluator]:
    """Give an evaluator while the body runs.

    `collector` is the replay harness, which links the modules of the collector that Phoenix builds. Where the settings
    or PATH gave another collector, its version decides: the harness answers for the same version if it is built
    already, else the binary itself does, so that nothing is built that is not needed. `auto` is the same, and goes on
    with the binary, saying so, where the harness refuses a component.

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
        elif choice is EvaluatorChoice.AUTO:
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
