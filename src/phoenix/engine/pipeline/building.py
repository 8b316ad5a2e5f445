"""The passes of one pipeline, in the order of the data, each with what it is called in the config."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import ConfigRefusedError
from phoenix.collector.replay.own_clock import refuse_process_start
from phoenix.collector.replay.plan import ReplayPlan, plan_replay, type_of
from phoenix.collector.replay.timeline import Timeline
from phoenix.engine.frame import Frame
from phoenix.engine.paths.marks import settled
from phoenix.engine.pipeline.expansion import ExpansionError, expand
from phoenix.engine.processors.registry import PROCESSORS, Pass, ProcessorConfig

_KNOW_MARKS: Final = frozenset({"filter", "transform"})


@dataclass(frozen=True, slots=True)
class Step:
    """One processor of a pipeline, ready to run."""

    config: ProcessorConfig
    run: Pass

    def given(self, frame: Frame) -> Frame:
        """Return a frame as the processor takes it: only filters and transforms know marks."""
        return frame if self.config.type in _KNOW_MARKS else settled(frame)


def build_pipeline(
    document: ConfigDocument, pipeline: str | None, environment: Mapping[str, str], timeline: Timeline
) -> Sequence[Step]:
    """Return the steps of one metrics pipeline and of those that forward connectors lead to.

    Every processor named is built, so that its settings are checked; memory limiters then do not run, as in every
    replay (`collector.replay.plan`).

    Raises:
        ConfigRefusedError, PipelineNotFoundError, UnsupportedComponentError: as `Evaluator.evaluate`.
    """
    plan = plan_replay(document, pipeline, environment)
    refuse_process_start(document, plan)
    _check_defined(document, plan)
    # Of what is given, a collector of a replay sees what the settings themselves ask for.
    values, runs = plan.environment, (timeline.start, timeline.end)
    built = {name: build_step(document, name, plan.processors[name], values, runs) for name in plan.processors}
    return [built[name] for name in plan.running]


def _check_defined(document: ConfigDocument, plan: ReplayPlan) -> None:
    for pipeline, stage in zip(plan.pipelines, plan.stages, strict=True):
        for name in stage:
            if name not in plan.processors:
                listed = document.data["service"]["pipelines"][pipeline]["processors"]
                place = str(document.locate(("service", "pipelines", pipeline, "processors", listed.index(name))))
                reason = f'references processor "{name}" which is not configured'
                raise ConfigRefusedError(f"{place}: {pipeline} {reason}", place=place, reason=reason)


def build_step(
    document: ConfigDocument, name: str, written: Any, environment: Mapping[str, str], runs: tuple[int, int]
) -> Step:
    """Return one processor, ready to run.

    Args:
        document: the whole config, for places.
        name: of the processor, as the config defines it.
        written: its settings, with `${...}` in them.
        environment: all variables that are set.
        runs: when it starts and stops, nanoseconds since 1970.

    Raises:
        ConfigRefusedError: a collector refuses its settings.
        UnsupportedComponentError: the engine does not do the processor, or something its settings ask for.
    """
    kind = type_of(name)

    def config(settings: Mapping[str, Any]) -> ProcessorConfig:
        return ProcessorConfig(document, name, kind, settings, *runs)

    unread = config({})
    if kind not in PROCESSORS:
        raise unread.unsupported(f"processor {kind}")
    try:
        expanded = expand(written, environment)
    except ExpansionError as error:
        raise unread.refused(str(error)) from error
    settings = {} if expanded.values is None else expanded.values
    if not isinstance(settings, Mapping):
        raise unread.refused(f"expected a map, got {settings!r}")
    ready = config(settings)
    try:
        return Step(ready, PROCESSORS[kind](ready))
    except ConfigRefusedError as error:
        if expanded.ambiguous and not _is_certain(error):
            # A field of text would have taken the variable's text.
            raise ready.unsupported(f"a variable that is no text ({error.message})") from error
        raise


def _is_certain(error: ConfigRefusedError) -> bool:
    # Keys are never of a variable, and what is no field of text takes no text.
    return "unknown" in error.details or error.details.get("wanted", "a string") != "a string"
