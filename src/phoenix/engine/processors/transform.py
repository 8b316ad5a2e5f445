"""The transform processor of 0.160 on metrics: `metric_statements`, flat or in groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from phoenix.engine.frame import Frame
from phoenix.engine.processors.ottl.other_signals import check_others
from phoenix.engine.processors.ottl.texts import (
    failed_evaluation,
    read_context,
    read_error_mode,
    read_texts,
    split_styles,
)
from phoenix.engine.processors.registry import Pass, ProcessorConfig
from phoenix.engine.processors.settings import Settings
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.group import Condition, ErrorMode, Group
from phoenix.engine.statements.running import run_groups
from phoenix.ottl.language import parse_group
from phoenix.ottl.syntax import Context

_OTHERS: Final = ("trace_statements", "log_statements", "profile_statements")


@dataclass(frozen=True, slots=True)
class _Transform:
    config: ProcessorConfig
    groups: Sequence[Group]

    def __call__(self, frame: Frame) -> Frame:
        failures = Failures()
        frame = run_groups(frame, self.groups, failures)
        if failures.request is not None:
            raise failed_evaluation(self.config, failures.request, failures.why)
        return frame


def build(config: ProcessorConfig) -> Pass:
    """Return the pass.

    Raises:
        ConfigRefusedError: the collector would not start.
        UnsupportedComponentError: OTTL that Phoenix does not do.
    """
    settings = Settings.of(config, "error_mode", "metric_statements", "flatten_data", *_OTHERS)
    error_mode = read_error_mode(settings, ErrorMode.IGNORE)
    if settings.boolean("flatten_data"):
        reason = "'flatten_data' requires the 'transform.flatten.logs' feature gate to be enabled"
        settings.refuse(reason, "flatten_data")
    check_others(settings, _OTHERS)
    groups, flat = [], []
    for item in split_styles(settings, "metric_statements", "statements"):
        if isinstance(item, tuple):
            flat.append(item)
        else:
            groups.append(_group(item, error_mode))
    if flat:
        groups.append(_flat(settings, flat, error_mode))
    return _Transform(config, groups)


def _group(settings: Settings, error_mode: ErrorMode) -> Group:
    mode, named = read_error_mode(settings, error_mode), read_context(settings)
    shared = settings.boolean("shared_cache")
    statements, conditions = settings.strings("statements"), settings.strings("conditions")
    if named in ("span", "spanevent", "log", "profile"):
        settings.refuse(f'unknown context "{named}" for statements', "context")
    if named == "exemplar":
        raise settings.unsupported("the exemplar context", "context")
    places: list[tuple[str | int, ...]] = [("statements", index) for index in range(len(statements))]
    places += [("conditions", index) for index in range(len(conditions))]
    context = Context(named) if named else None
    parsed = read_texts(settings, places, lambda: parse_group(statements, conditions, context))
    found = [Condition(*pair) for pair in zip(parsed.conditions, conditions, strict=True)]
    return Group(parsed.context, parsed.statements, found, mode, shared)


def _flat(settings: Settings, places: Sequence[tuple[str | int, ...]], error_mode: ErrorMode) -> Group:
    texts = [str(settings.raw(str(key))[index]) for key, index in places]
    parsed = read_texts(settings, places, lambda: parse_group(texts, (), None))
    return Group(parsed.context, parsed.statements, (), error_mode)
