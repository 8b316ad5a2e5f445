"""The filter processor of 0.160 on metrics: `metric_conditions`, and `metrics:` with conditions by context."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from phoenix.engine.frame import Frame
from phoenix.engine.processors.attraction.patterns import read_pattern
from phoenix.engine.processors.ottl_settings.other_signals import check_others
from phoenix.engine.processors.ottl_settings.texts import (
    failed_evaluation,
    read_context,
    read_error_mode,
    read_texts,
    split_styles,
)
from phoenix.engine.processors.registry import Pass, ProcessorConfig
from phoenix.engine.processors.settings import Settings
from phoenix.engine.statements.dropping import Dropping, FailedRequests
from phoenix.engine.statements.group import Condition, ErrorMode
from phoenix.ottl.dialect import FILTER_CONDITIONS, FILTER_METRICS, Dialect
from phoenix.ottl.language import infer_context, parse_condition
from phoenix.ottl.syntax import RUN_FOR, Context

_OTHERS: Final = ("spans", "logs", "traces", "profiles", "log_conditions", "trace_conditions", "profile_conditions")
_LEGACY: Final = ("match_type", "regexp", "metric_names", "expressions", "resource_attributes")
_CONTEXTS: Final = (Context.RESOURCE, Context.METRIC, Context.DATAPOINT)


@dataclass(frozen=True, slots=True)
class _Filter:
    config: ProcessorConfig
    droppings: Sequence[Dropping]

    def __call__(self, frame: Frame) -> Frame:
        failed = FailedRequests()
        for dropping in self.droppings:
            frame = dropping.run(frame, failed)
        request = failed.first_sent(frame)
        if request is not None:
            raise failed_evaluation(self.config, request, failed.reasons[request])
        return frame


def build(config: ProcessorConfig) -> Pass:
    """Return the pass.

    Conditions are worked out once per distinct resource, scope, metric or set of attributes; points are only looked at
    where a condition reads what they say.

    Raises:
        ConfigRefusedError: the collector would not start.
        UnsupportedComponentError: legacy include and exclude, and OTTL that Phoenix does not do.
    """
    settings = Settings.of(config, "error_mode", "metrics", "metric_conditions", *_OTHERS)
    error_mode = read_error_mode(settings, ErrorMode.IGNORE)
    metrics = settings.section("metrics", "include", "exclude", "regexp", *(context.value for context in _CONTEXTS))
    named = [context for context in _CONTEXTS if metrics.raw(context.value) is not None]
    legacy = [key for key in ("include", "exclude") if metrics.raw(key) is not None]
    if settings.raw("metric_conditions") is not None and (named or legacy):
        settings.refuse('cannot use "metric_conditions" and "metrics" at the same time', "metric_conditions")
    if named and legacy:
        metrics.refuse("cannot use conditions and include or exclude at the same time", legacy[0])
    for side in legacy:
        _check_legacy(metrics.section(side, *_LEGACY))
    if legacy:
        raise metrics.unsupported(f"option {legacy[0]} of metrics", legacy[0])
    check_others(settings, _OTHERS)
    droppings = _inferred(settings, error_mode)
    if not droppings and named:
        droppings = [Dropping({context: _listed(metrics, context) for context in named}, error_mode)]
    return _Filter(config, droppings)


def _check_legacy(match: Settings) -> None:
    # filtermetric.newExpr and newResExpr: the type counts where there is something to match.
    kind, names = match.string("match_type"), match.strings("metric_names")
    match.strings("expressions")
    cache = match.section("regexp", "cacheenabled", "cachemaxnumentries")
    cache.boolean("cacheenabled")
    cache.integer("cachemaxnumentries")
    resources = match.sections("resource_attributes", "key", "value")
    compared = any(resource.raw("value") is not None for resource in resources)
    if kind not in ("regexp", "strict") and ((names and kind != "expr") or compared):
        match.refuse(f"match_type must be one of regexp, strict: {kind!r}", "match_type")
    for resource in resources:
        if not resource.string("key"):
            resource.refuse("key cannot be empty", "key")
    for index, name in enumerate(names if kind == "regexp" else ()):
        read_pattern(match, name, "metric_names", index)
    for resource in resources if kind == "regexp" else ():
        if resource.raw("value") is not None:
            read_pattern(resource, resource.string("value"), "value")


def _inferred(settings: Settings, error_mode: ErrorMode) -> list[Dropping]:
    droppings, flat = [], []
    for item in split_styles(settings, "metric_conditions", "conditions"):
        if isinstance(item, tuple):
            flat.append(item)
        else:
            droppings.append(_group(item, error_mode))
    if flat:
        droppings.append(Dropping(_by_context(settings, flat), error_mode))
    return droppings


def _group(settings: Settings, error_mode: ErrorMode) -> Dropping:
    mode, named = read_error_mode(settings, error_mode), read_context(settings)
    places: list[tuple[str | int, ...]] = [("conditions", i) for i in range(len(settings.strings("conditions")))]
    if not named:
        return Dropping(_by_context(settings, places), mode)
    if named not in RUN_FOR:
        settings.refuse(f'unknown context "{named}" for conditions', "context")
    found = _conditions(settings, places, Context(named), FILTER_CONDITIONS)
    return Dropping({Context(named): found} if found else {}, mode)


def _listed(metrics: Settings, context: Context) -> list[Condition]:
    places: list[tuple[str | int, ...]] = [(context.value, i) for i in range(len(metrics.strings(context.value)))]
    return _conditions(metrics, places, context, FILTER_METRICS)


def _by_context(settings: Settings, places: Sequence[tuple[str | int, ...]]) -> dict[Context, list[Condition]]:
    # Each condition is for the context that fits it alone.
    found: dict[Context, list[Condition]] = {}
    for place in places:
        text = _text(settings, place)
        context = read_texts(settings, [place], partial(infer_context, (), (text,), FILTER_CONDITIONS))
        condition = read_texts(settings, [place], partial(parse_condition, text, None, FILTER_CONDITIONS))
        found.setdefault(context, []).append(Condition(condition, text))
    return found


def _conditions(
    settings: Settings, places: Sequence[tuple[str | int, ...]], context: Context, dialect: Dialect
) -> list[Condition]:
    found = []
    for place in places:
        text = _text(settings, place)
        condition = read_texts(settings, [place], partial(parse_condition, text, context, dialect))
        found.append(Condition(condition, text))
    return found


def _text(settings: Settings, place: tuple[str | int, ...]) -> str:
    key, index = place
    return settings.strings(str(key))[int(index)]
