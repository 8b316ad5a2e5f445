"""The settings of metrics_transform, checked as validateConfiguration does (factory.go of 0.160)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from phoenix.collector.binary.sources import collector_version
from phoenix.engine.processors.attraction.patterns import Pattern, read_pattern
from phoenix.engine.processors.settings import Settings
from phoenix.engine.reshaping.aggregating.numbers import FUNCTIONS

_TRANSFORM: Final = (
    *("include", "match_type", "experimental_match_labels", "action", "new_name", "group_resource_labels"),
    *("aggregation_type", "submatch_case", "operations"),
)
_TEXTS: Final = ("include", "match_type", "action", "new_name", "aggregation_type", "submatch_case")
_OPERATION: Final = (
    *("action", "label", "new_label", "label_set", "aggregation_type", "aggregated_values", "new_value"),
    *("value_actions", "experimental_scale", "label_value"),
)
_ACTIONS: Final = ("insert", "update", "combine", "group")
_OPERATIONS: Final = (
    "add_label",
    "update_label",
    "delete_label_value",
    "toggle_scalar_data_type",
    "experimental_scale_value",
    "aggregate_labels",
    "aggregate_label_values",
)
_VERSION: Final = "{{version}}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which metrics and points are meant.

    Attributes:
        include: the metric's name, or what must stand in it.
        labels: what must be the value of each label, or stand in it.
    """

    include: str | Pattern
    labels: Mapping[str, str | Pattern]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; fields that its action has no use for are what was given all the same."""

    action: str
    label: str
    new_label: str
    label_set: frozenset[str]
    aggregation: str
    aggregated_values: frozenset[str]
    new_value: str
    values: Mapping[str, str]
    scale: float
    label_value: str


@dataclass(frozen=True, slots=True)
class Transform:
    """One entry of `transforms`."""

    filter: Filter
    action: str
    new_name: str
    resource_labels: Mapping[str, str]
    aggregation: str
    submatch_case: str
    operations: tuple[Operation, ...]


def read_transforms(settings: Settings) -> list[Transform]:
    """Return the transforms in their order.

    Raises:
        ConfigRefusedError: the collector would not start.
    """
    return [_transform(each) for each in settings.sections("transforms", *_TRANSFORM)]


def _transform(given: Settings) -> Transform:
    include, match, action, new_name, aggregation, case = (given.string(key) for key in _TEXTS)
    operations = tuple(_operation(each) for each in given.sections("operations", *_OPERATION))
    resource_labels = given.pairs("group_resource_labels")
    if not include:
        given.refuse('missing required field "include"', "include")
    given.word("match_type", ("strict", "regexp"))
    if action not in _ACTIONS:
        given.refuse(f"action must be one of {', '.join(_ACTIONS)}: {action!r}", "action")
    if action in ("insert", "combine") and not new_name:
        given.refuse(f'missing required field "new_name" while "action" is {action}', "new_name")
    if action == "combine" and not aggregation:
        given.refuse('missing required field "aggregation_type" while "action" is combine', "aggregation_type")
    if action == "group" and given.raw("group_resource_labels") is None:
        given.refuse('missing required field "group_resource_labels" while "action" is group', "action")
    given.word("aggregation_type", FUNCTIONS)
    given.word("submatch_case", ("lower", "upper"))
    chosen = _filter(given, include, is_pattern=match == "regexp")
    return Transform(chosen, action, new_name, resource_labels, aggregation, case, operations)


def _filter(given: Settings, include: str, *, is_pattern: bool) -> Filter:
    labels = given.pairs("experimental_match_labels")
    if not is_pattern:
        return Filter(include, labels)
    patterns = {key: read_pattern(given, text, "experimental_match_labels", key) for key, text in labels.items()}
    return Filter(read_pattern(given, include, "include"), patterns)


def _operation(given: Settings) -> Operation:
    actions = given.sections("value_actions", "value", "new_value")
    made = Operation(
        action=given.string("action"),
        label=given.string("label"),
        new_label=given.string("new_label"),
        label_set=frozenset(given.strings("label_set")),
        aggregation=given.word("aggregation_type", FUNCTIONS),
        aggregated_values=frozenset(given.strings("aggregated_values")),
        new_value=_versioned(given.string("new_value")),
        values={each.string("value"): _versioned(each.string("new_value")) for each in actions},
        scale=given.number("experimental_scale"),
        label_value=given.string("label_value"),
    )
    if made.action not in _OPERATIONS:
        given.refuse(f"action must be one of {', '.join(_OPERATIONS)}: {made.action!r}", "action")
    needed = {"update_label": ("label",), "add_label": ("new_label", "new_value")}.get(made.action, ())
    for key in needed:
        if not given.string(key):
            given.refuse(f'missing required field "{key}" while "action" is {made.action}', key)
    if made.action == "experimental_scale_value" and made.scale == 0:
        given.refuse('missing required field "experimental_scale"', "experimental_scale")
    return made


def _versioned(text: str) -> str:
    return text.replace(_VERSION, collector_version())
