"""Critical, high, low: the OTTL conditions of the three priorities, shared by the templates that use them."""

from phoenix.collector.catalogue.blocks.ottl_text import IS_PROCESS, any_of, attribute, both, negated
from phoenix.collector.catalogue.parameters.declaration import Values

PRIORITY = attribute("phoenix.priority")


def is_critical(values: Values) -> str:
    """Return the condition that a resource is a critical process."""
    return any_of(values.patterns("critical_processes"))


def is_low(values: Values) -> str:
    """Return the condition that a resource is a process of low priority: of no better one, and named low or unnamed."""
    better = any_of((*values.patterns("critical_processes"), *values.patterns("high_processes")))
    named = IS_PROCESS if values.text("unmatched") == "low" else any_of(values.patterns("low_processes"))
    return both(named, negated(better))


def marking(values: Values) -> list[str]:
    """Return the statements that mark every process with its priority, the highest that a list gives it."""
    unmarked = f"{PRIORITY} == nil"
    named_low = IS_PROCESS if values.text("unmatched") == "low" else any_of(values.patterns("low_processes"))
    return [
        f'set({PRIORITY}, "critical") where {is_critical(values)}',
        f'set({PRIORITY}, "high") where {both(unmarked, any_of(values.patterns("high_processes")))}',
        f'set({PRIORITY}, "low") where {both(unmarked, named_low)}',
    ]
