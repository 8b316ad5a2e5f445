"""Heavy once, kept until the end: how intelligent keeps a process that became heavy without counting it twice.

A counter that is folded at one scrape and kept at the next has a past in the group. Three rules keep totals exact:

- A process that was kept stays kept until it ends. A gap in its own series would hide an increase that the group had.
- At the scrape at which it is promoted, its counters are kept and folded: the group gets the increase up to there, and
  its own series, whose first value counts for nothing by itself, everything after.
- If it began after the collector did, its first value *would* count, as a birth. Its start time is therefore cleared,
  which says "unknown" in the OpenTelemetry data model.

Which processes are kept is remembered in the shared cache, by identity and start time, in a map that is written anew at
each scrape: what ended falls out of it.
"""

from typing import Any

from phoenix.collector.catalogue.blocks import folding, heavy
from phoenix.collector.catalogue.blocks.ottl_text import attribute, both
from phoenix.collector.catalogue.parameters.declaration import Values
from phoenix.telemetry.processes import EXECUTABLE_NAME, PID

HEAVY = attribute("phoenix.heavy")
_BORN = attribute("phoenix.born")

# Two metrics that every readable process has; asking at each of its points would say the same at a higher cost.
_ASKED = 'metric.name == "process.cpu.time" or metric.name == "process.memory.usage"'

# What tells one process from another; a program that executes another keeps its pid and becomes another series.
_IDENTITY = (
    PID,
    "process.parent_pid",
    EXECUTABLE_NAME,
    "process.executable.path",
    "process.command",
    "process.command_line",
    "process.owner",
)
_KEY = attribute("phoenix.key")


def judging(who: str, values: Values) -> list[dict[str, Any]]:
    """Return the statement groups that mark the heavy among the processes for which `who` holds.

    `phoenix.heavy` becomes "newly" at the scrape of promotion and "still" after it, `phoenix.born` is true when
    it began after the first scrape, which is said once, at promotion: a series whose start time changes is two.
    """
    before, now = 'datapoint.cache["before"]', 'datapoint.cache["now"]'
    first, opening = 'datapoint.cache["first"]', 'datapoint.cache["open"] != true'
    time = "datapoint.time_unix_nano"
    return [
        *heavy.measuring(who),
        {
            "shared_cache": True,
            "conditions": [both(who, _ASKED)],
            "statements": [
                f"set({before}, {now}) where {opening}",
                f"set({now}, {{}}) where {opening}",
                f"set({first}, {time}) where {first} == nil or {time} < {first}",
                'set(datapoint.cache["open"], true)',
                f"set({_KEY}, {_identity()}) where {_KEY} == nil",
                f'set({HEAVY}, "still") where {HEAVY} == nil and {before} != nil and {before}[{_KEY}] != nil',
                f'set({HEAVY}, "newly") where {HEAVY} == nil and ({heavy.is_heavy(values)})',
                f'set({_BORN}, {before}[{_KEY}]) where {HEAVY} == "still"',
                f'set({_BORN}, false) where {HEAVY} == "newly" and {_BORN} == nil',
                f'set({_BORN}, true) where {HEAVY} == "newly" and datapoint.start_time_unix_nano >= {first}',
                f"set({now}[{_KEY}], {_BORN}) where {HEAVY} != nil",
            ],
        },
        {"shared_cache": True, "conditions": [who], "statements": ['set(datapoint.cache["open"], false)']},
    ]


def choosing(tail: str, values: Values) -> list[dict[str, Any]]:
    """Return the statement groups that fold what is not heavy of the processes for which `tail` holds."""
    group = folding.GROUP
    is_counter = "metric.type == METRIC_DATA_TYPE_SUM and metric.is_monotonic == true"
    promoted = f'{group} != nil and {HEAVY} == "newly" and {is_counter} and not {folding.IS_FOLDED}'
    past_elsewhere = f"{_BORN} == true and {HEAVY} != nil and {tail} and not {folding.IS_FOLDED}"
    return [
        folding.grouping(f'{tail} and {HEAVY} != "still"', values),
        {
            "statements": [
                f"copy_metric(name={folding.TO_FOLDED_NAME}) where {promoted}",
                f"set(metric.name, {folding.TO_FOLDED_NAME}) where {group} != nil and {HEAVY} == nil",
            ]
        },
        {
            "statements": [
                f"set(datapoint.start_time_unix_nano, 0) where {past_elsewhere}",
                f'set(datapoint.attributes["phoenix.group"], {group}) where {folding.IS_FOLDED}',
            ]
        },
        # Marks that change from scrape to scrape would part a series for cumulative_to_delta.
        {"statements": ['delete_matching_keys(resource.attributes, "^phoenix[.]")']},
    ]


def _identity() -> str:
    parts = ", ".join(f"String({attribute(name)})" for name in _IDENTITY)
    return f'Concat([{parts}, String(datapoint.start_time_unix_nano)], "|")'
