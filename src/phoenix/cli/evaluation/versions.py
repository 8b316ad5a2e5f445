"""One config on two collector versions over one capture: what each makes of it. `whatif --against-collector` shows it.

The first version is the collector that Phoenix uses, answered by its own code as `--evaluator collector` does; the
second is a program that the user names, started for the evaluation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from phoenix.cli.context import Cli
from phoenix.cli.evaluation.candidate import Candidate
from phoenix.cli.evaluation.evaluators import open_collector
from phoenix.cli.programs import the_collector
from phoenix.collector.binary.find import Collector, find_collector
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.names import ALIASES, ComponentId, Kind, canonical
from phoenix.collector.config.pipelines import ConfigView, mapping
from phoenix.collector.config.types import ComponentTypes
from phoenix.collector.errors import ConfigRefusedError, EvaluationFailedError, UnsupportedComponentError
from phoenix.collector.evaluator import Evaluator
from phoenix.collector.replay.plan import ReplayPlan, plan_replay, type_of
from phoenix.collector.replay.stock import StockReplay
from phoenix.collector.validate.binary_check.check import ask
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.collector.validate.finding import Finding, Severity, by_place, has_error
from phoenix.collector.validate.structure import check_structure
from phoenix.core.errors import PhoenixError
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.diff import CaptureDiff, diff
from phoenix.telemetry.measure import Measurement, measure

# What a replay puts around the processors; what else a collector lacks is a finding, not a reason to refuse it.
_NEEDED: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.RECEIVERS: frozenset({"otlp"}),
    Kind.EXPORTERS: frozenset({"file"}),
}
# The oldest that tests compare with. Phoenix runs none that old, but asks little of it here.
_OLDEST: Final = (0, 152, 0)
# The version since which filter and transform ignore errors by default: their feature gates defaultErrorModeIgnore are
# on from 0.153 (internal/metadata/generated_feature_gates.go), and stay on for good later.
_IGNORES_ERRORS: Final = (0, 153, 0)


@dataclass(frozen=True, slots=True)
class Side:
    """What one version makes of the config.

    Attributes:
        refused: the errors that it finds in the whole config; empty when it accepts it.
        output: what the exporters would have received, measured; None when it gave none.
        failure: why it gave none, in the collector's words: it refused the processors, or answered an error.
    """

    version: str
    path: Path
    refused: tuple[Finding, ...] = ()
    output: Measurement | None = None
    failure: PhoenixError | None = None


@dataclass(frozen=True, slots=True)
class VersionComparison:
    """What two versions make of one config and capture.

    Attributes:
        diff: how the output of the second differs from that of the first; None when one gave none.
        notes: what explains a difference, or would; a sentence each.
    """

    first: Side
    second: Side
    diff: CaptureDiff | None
    notes: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Both accept the config, or both refuse it, and both make the same of the capture."""
        return self.diff is not None and self.diff.equal and bool(self.first.refused) == bool(self.second.refused)

    @property
    def nothing_to_compare(self) -> bool:
        """Neither version gave an output."""
        return self.first.output is None and self.second.output is None


def compare_versions(
    cli: Cli, candidate: Candidate, capture: Capture, other: Path, pipeline: str | None
) -> VersionComparison:
    """Return what the collector that Phoenix uses and the program `other` make of a config.

    Raises:
        ProgramUnusableError: `other` is no collector.
        CollectorVersionError: it is older than 0.152.
        ComponentsMissingError: it lacks the otlp receiver or the file exporter.
        UnsupportedComponentError: a processor acts by the clock, and only the first version's can be moved.
        ConfigRefusedError: the pipeline is not of the shape that any collector wants.
        PhoenixError: as `Evaluator.evaluate` and `the_collector` raise it, refusals and failures aside.
    """
    mine, theirs = the_collector(cli), find_collector(named=other, needed=_NEEDED, oldest=_OLDEST)
    plan, asked = plan_replay(candidate.document, pipeline), _Question(candidate, capture, pipeline)
    # The one that may refuse to be compared at all comes first.
    try:
        second, after = _side(cli, theirs, StockReplay(other, theirs.version), asked)
    except UnsupportedComponentError as error:
        raise UnsupportedComponentError(
            f"{error.message}; {other} runs on the real clock, so the versions cannot be compared on a capture",
            user_action="Take the component out of the pipeline to compare the rest.",
            **error.details,
        ) from error
    with open_collector(cli, fallback=True) as evaluator:
        first, before = _side(cli, mine, evaluator, asked)
    notes = (*_names(candidate.document, mine, theirs), *_error_modes(plan, mine, theirs))
    return VersionComparison(
        first, second, diff(before, after) if before is not None and after is not None else None, notes
    )


@dataclass(frozen=True, slots=True)
class _Question:
    candidate: Candidate
    capture: Capture
    pipeline: str | None


def _side(cli: Cli, collector: Collector, evaluator: Evaluator, asked: _Question) -> tuple[Side, Capture | None]:
    document = asked.candidate.document
    with cli.progress(f"Evaluating {asked.candidate.name} on collector {collector.version}"):
        refused = _refusals(document, Sandbox(collector.path))
        try:
            output = evaluator.evaluate(document, asked.capture, pipeline=asked.pipeline)
        except (ConfigRefusedError, EvaluationFailedError) as error:
            return Side(collector.version, collector.path, refused, failure=error), None
    return Side(collector.version, collector.path, refused, measure(output)), output


def _refusals(document: ConfigDocument, sandbox: Sandbox) -> tuple[Finding, ...]:
    """Return what a binary refuses of the whole config; receivers and exporters are no part of the evaluation."""
    found = by_place(check_structure(document, sandbox.types, types_are_certain=True))
    if not has_error(found):
        found = by_place(ask(ConfigView(document), sandbox).findings)
    return tuple(finding for finding in found if finding.severity is Severity.ERROR)


def _names(document: ConfigDocument, mine: Collector, theirs: Collector) -> Iterator[str]:
    """Yield a sentence for each component whose type only one of them knows by this name."""
    components = ConfigView(document).components.values()
    for kind, name in dict.fromkeys((it.kind, ComponentId.parse(it.key).type) for it in components):
        for one, other in ((mine, theirs), (theirs, mine)):
            if _says(one.types, kind, name) or not _says(other.types, kind, name):
                continue
            called = [it for it in _spellings(kind, name) if _says(one.types, kind, it)]
            if not called:
                yield f"Collector {one.version} has no {kind.singular} {name}."
            elif _says(other.types, kind, called[0]):
                yield (
                    f"Collector {one.version} calls the {kind.singular} {name} by another name: write {called[0]}, "
                    f"which {other.version} takes too."
                )
            else:
                yield f"Collector {one.version} calls the {kind.singular} {name} by another name: {called[0]}."


def _says(types: ComponentTypes, kind: Kind, name: str) -> bool:
    return name in types.names(kind)


def _spellings(kind: Kind, name: str) -> list[str]:
    now = canonical(kind, name)
    return [now, *(old for old, new in ALIASES[kind].items() if new == now)]


def _error_modes(plan: ReplayPlan, mine: Collector, theirs: Collector) -> Iterator[str]:
    """Yield a sentence when processors leave an error_mode to a default that differs between the versions."""
    older, newer = sorted((mine, theirs), key=lambda collector: _numbers(collector.version))
    if not _numbers(older.version) < _IGNORES_ERRORS <= _numbers(newer.version):
        return
    silent = [
        name
        for name in dict.fromkeys(plan.running)
        if type_of(name) in {"filter", "transform"} and "error_mode" not in mapping(plan.processors.get(name))
    ]
    if silent:
        yield (
            f"{', '.join(silent)}: no error_mode is written. By default collector {older.version} answers an error for "
            f"the whole request when a condition or statement fails (propagate); {newer.version} goes on without it "
            "(ignore). Write error_mode to have the same from both."
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
