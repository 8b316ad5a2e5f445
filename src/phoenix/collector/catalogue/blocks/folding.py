"""Folding: the processors that sum processes into groups so that every total is conserved.

Summing needs three things that a scrape does not have (facts checked against the processors of 0.160):

- Differences, since a sum of cumulative counters over a changing set of processes falls when one of them ends. They
  are taken while the pid is still in the identity, and only of metrics that were renamed `folded.*` for the time being,
  because cumulative_to_delta chooses by name and must not touch a process that is kept.
- One timestamp a scrape, since the scraper reads the clock for each process and points add up only at equal times.
  See `_clock`.
- One metric node a group, which groupbyattrs makes of equal resources.

The shared cache of a transform processor lives as long as the processor and is not locked: a scrape must come as one
request, and requests one after the other, as the host_metrics receiver and a replay send them.
"""

from typing import Any

from phoenix.collector.catalogue.blocks.ottl_text import attribute, quote
from phoenix.collector.catalogue.blocks.staleness import max_staleness
from phoenix.collector.catalogue.parameters.declaration import Values
from phoenix.collector.catalogue.template import Step
from phoenix.telemetry.processes import EXECUTABLE_NAME

GROUP = attribute("phoenix.group")
IS_FOLDED = 'HasPrefix(metric.name, "folded.")'
TO_FOLDED_NAME = 'Concat(["folded.", metric.name], "")'

# Processes without a command line: kernel threads, and zombies. Their names are many and their number is of the kernel.
_NO_COMMAND = f'{attribute("process.command")} == ""'

_ALIGNING = (
    "Groups have no pid, and one time a scrape: its first point's, which opens the scrape; the last group closes it."
)

# Two scrapes at one millisecond are one point for a store that keeps milliseconds.
_LEAST_STEP_NANOSECONDS = 1_000_000


def recipe(choosing: list[dict[str, Any]], values: Values, *, split: bool = False) -> tuple[Step, ...]:
    """Return the processors that fold what `choosing` renames and marks.

    Args:
        choosing: statement groups that name the metrics to fold `folded.*` and leave `phoenix.group` on their resource,
            or with `split` on their points.
        values: gives `temporality` and `interval`.
        split: one resource may hold points to fold and points to keep; they are parted first.
    """
    staleness = max_staleness(values.number("interval"))
    steps = [
        _transform(
            "choose", choosing, "Chooses what is folded; its metrics are called folded.* until they are summed."
        ),
        Step(
            "filter/not_additive",
            {"error_mode": "propagate", "metric_conditions": ['metric.name == "folded.process.uptime"']},
            "A sum of uptimes says nothing.",
        ),
        Step(
            "cumulative_to_delta/folded",
            {
                "include": {"match_type": "regexp", "metrics": ["^folded[.]"]},
                "initial_value": "auto",
                "max_staleness": staleness,
            },
            "Differences, while the pid still tells processes apart: a sum of counters would fall at every exit.",
        ),
    ]
    if split:
        reason = "Parts the points to fold from the points of the same process that are kept."
        steps.append(Step("groupbyattrs/part", {"keys": ["phoenix.group"]}, reason))
    steps += [
        _transform("align", [_anonymous(), *_clock()], _ALIGNING),
        Step("groupbyattrs/gather", {}, "Brings the points of a group together in one metric."),
        _transform("sum", [_sum()], ""),
    ]
    if values.text("temporality") == "cumulative":
        steps.append(Step("delta_to_cumulative", {"max_stale": staleness}, "Only groups are delta here."))
    return tuple(steps)


def choosing(who: str, values: Values) -> list[dict[str, Any]]:
    """Return the statement groups that fold every process for which the resource condition `who` holds."""
    return [
        grouping(who, values),
        {"conditions": [f"{GROUP} != nil"], "statements": [f"set(metric.name, {TO_FOLDED_NAME})"]},
    ]


def grouping(who: str, values: Values) -> dict[str, Any]:
    """Return the statement group that marks the resources for which `who` holds with the name of their group."""
    if values.text("group_by") == "all":
        return {"conditions": [who], "statements": [f'set({GROUP}, "_other")']}
    return {
        "conditions": [who],
        "statements": [
            f'set({GROUP}, "_kernel") where {_NO_COMMAND}',
            f"set({GROUP}, {attribute(EXECUTABLE_NAME)}) where {GROUP} == nil",
        ],
    }


def _transform(name: str, groups: list[dict[str, Any]], reason: str) -> Step:
    return Step(f"transform/{name}", {"error_mode": "propagate", "metric_statements": groups}, reason)


def _anonymous() -> dict[str, Any]:
    """Take from a group what only one process has; what is of the host stays."""
    return {
        "conditions": [f"{GROUP} != nil"],
        "statements": [
            'delete_matching_keys(resource.attributes, "^process[.]")',
            f"set({attribute(EXECUTABLE_NAME)}, {GROUP})",
            f"delete_key(resource.attributes, {quote('phoenix.group')})",
        ],
    }


def _clock() -> list[dict[str, Any]]:
    """Give all folded points of a request one time, and differences the time of the request before as their start.

    No tolerance is involved: the statement groups of a processor run one after the other over the whole request, so
    the first group can open the request at its first point and the second close it. That holds for a scrape of any
    length and at any interval. A clock that was set back must not bring a time twice (delta_to_cumulative drops such
    points, and their totals): time then moves on by a millisecond a scrape until the clock has caught up.
    """
    time, previous, start, first = (f'datapoint.cache["{name}"]' for name in ("time", "previous", "start", "first"))
    opening = 'datapoint.cache["open"] != true'
    is_delta = "metric.aggregation_temporality == AGGREGATION_TEMPORALITY_DELTA"
    own_start = "datapoint.start_time_unix_nano"
    earlier = f"({start} == nil or {own_start} < {start})"
    return [
        {
            "shared_cache": True,
            "conditions": [IS_FOLDED],
            "statements": [
                f"set({previous}, {time}) where {opening}",
                f"set({time}, datapoint.time_unix_nano) where {opening}",
                f"set({time}, {previous} + {_LEAST_STEP_NANOSECONDS}) where {opening} and {time} <= {previous}",
                f"set({first}, {time}) where {first} == nil",
                f"set({start}, {previous}) where {opening} and {previous} != nil",
                'set(datapoint.cache["open"], true)',
                f"set({start}, {own_start}) where {previous} == nil and {is_delta} and {earlier}",
            ],
        },
        {
            "shared_cache": True,
            "conditions": [IS_FOLDED],
            "statements": [
                'set(datapoint.cache["open"], false)',
                f"set(datapoint.time_unix_nano, {time})",
                f"set({own_start}, {start}) where {is_delta}",
                f"set({own_start}, {first}) where not ({is_delta})",
            ],
        },
    ]


def _sum() -> dict[str, Any]:
    return {
        "conditions": [IS_FOLDED],
        "statements": ['aggregate_on_attributes("sum")', 'replace_pattern(metric.name, "^folded[.]", "")'],
    }
