"""What operations do to the labels of one point (operation_*.go of 0.160)."""

from phoenix.engine.processors.metric_transforms.matching import said, text_of
from phoenix.engine.processors.metric_transforms.settings import Operation
from phoenix.engine.values.value import Map


def added(held: Map, operation: Operation) -> Map:
    """Return a map with a label more, where it has none of that name."""
    return held if operation.new_label in held else held.put(operation.new_label, operation.new_value)


def updated(held: Map, operation: Operation) -> Map:
    """Return a map with a label, or its value, under another name.

    The collector looks for the value where the label was, when it is gone: the last label has moved there by then.
    """
    if operation.label not in held:
        return held
    key, value = operation.label, held.get(operation.label)
    if operation.new_label:
        # A label that is renamed to itself is emptied first, and then taken away.
        held = held.put(operation.new_label, None if operation.new_label == key else value)
        value = held.pairs[-1][1]
        held = held.without(key)
        key = operation.new_label
    new = operation.values.get(said(value))
    return held if new is None else held.put(key, new)


def replaced(held: Map, operation: Operation) -> Map:
    """Return a map in which one value stands for several."""
    if operation.label in held and text_of(held, operation.label) in operation.aggregated_values:
        return held.put(operation.label, operation.new_value)
    return held


def kept(held: Map, operation: Operation) -> Map:
    """Return a map with the labels to keep."""
    pairs = tuple(pair for pair in held if pair[0] in operation.label_set)
    return held if len(pairs) == len(held) else Map(pairs)


def is_deleted(held: Map, operation: Operation) -> bool:
    """Return whether the point of these labels goes."""
    return operation.label in held and text_of(held, operation.label) == operation.label_value
