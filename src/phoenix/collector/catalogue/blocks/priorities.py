"""Critical, high, low: the OTTL conditions of the three priorities, shared by the templates that use them."""

from phoenix.collector.catalogue.blocks.ottl_text import IS_PROCESS, any_of, both, negated
from phoenix.collector.catalogue.parameters.declaration import Values


def is_critical(values: Values) -> str:
    """Return the condition that a resource is a critical process."""
    return any_of(values.patterns("critical_processes"))


def is_low(values: Values) -> str:
    """Return the condition that a resource is a process of low priority: of no better one, and named low or unnamed."""
    better = any_of((*values.patterns("critical_processes"), *values.patterns("high_processes")))
    named = IS_PROCESS if values.text("unmatched") == "low" else any_of(values.patterns("low_processes"))
    return both(named, negated(better))
