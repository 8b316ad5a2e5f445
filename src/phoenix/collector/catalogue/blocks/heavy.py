"""Heavy: the statements that judge a whole process by its CPU and memory, shared by top-k and intelligent.

A process is one resource, so its points can be summed into marks on that resource and the resource be judged by them:
every point of a process then has the same fate. The marks are deleted before batch.
"""

from typing import Any

from phoenix.collector.catalogue.blocks.ottl_text import IS_PROCESS
from phoenix.collector.catalogue.parameters.declaration import Values

CPU_MARK = 'resource.attributes["phoenix.cpu"]'
MEMORY_MARK = 'resource.attributes["phoenix.memory"]'


def measuring(who: str = IS_PROCESS) -> list[dict[str, Any]]:
    """Return statement groups that mark each process where `who` holds with its CPU, all states summed, and its memory.

    On the first scrape of a collector there is no utilization yet; a missing mark compares as not heavy.
    """
    cpu = 'metric.name == "process.cpu.utilization"'
    return [
        {
            "conditions": [who],
            "statements": [
                f"set({CPU_MARK}, 0.0) where {CPU_MARK} == nil and {cpu}",
                f"set({CPU_MARK}, {CPU_MARK} + datapoint.value_double) where {cpu}",
                f'set({MEMORY_MARK}, datapoint.value_int) where metric.name == "process.memory.usage"',
            ],
        }
    ]


def is_heavy(values: Values) -> str:
    """Return the condition that a marked resource is at or over a threshold."""
    cpu = f"{values.number('cpu_fraction'):.6f}".rstrip("0").rstrip(".")
    return f"{CPU_MARK} >= {cpu} or {MEMORY_MARK} >= {values.whole('memory_bytes')}"


def unmarking() -> dict[str, Any]:
    """Return the statement group that deletes every mark of Phoenix from the resources."""
    return {"statements": ['delete_matching_keys(resource.attributes, "^phoenix[.](?:cpu|memory)$")']}
