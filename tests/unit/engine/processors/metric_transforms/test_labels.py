"""Labels change as in the collector, also where it looks at a place that another label has moved to."""

import pytest
from tests.unit.engine.processors.test_settings import settings_of

from phoenix.engine.processors.metric_transforms import labels
from phoenix.engine.processors.metric_transforms.settings import Operation, read_transforms
from phoenix.engine.processors.settings import Settings
from phoenix.engine.values.value import Map


def operation_of(yaml: str) -> Operation:
    config = settings_of("key: ~").config
    values = {"transforms": [{"include": "a", "action": "update", "operations": [_parsed(yaml)]}]}
    return read_transforms(Settings(config, (), values))[0].operations[0]


def _parsed(yaml: str) -> object:
    return settings_of(f"key: {yaml}").raw("key")


@pytest.mark.parametrize(
    ("operation", "before", "after"),
    [
        ("{label: a, new_label: n}", [("a", "x"), ("b", 1)], [("n", "x"), ("b", 1)]),
        ("{label: a, value_actions: [{value: x, new_value: y}]}", [("a", "x")], [("a", "y")]),
        ("{label: a, value_actions: [{value: '', new_value: y}]}", [("a", 7)], [("a", "y")]),
        # b holds x by now, and c stands where a was: its value decides.
        (
            "{label: a, new_label: b, value_actions: [{value: c, new_value: y}]}",
            [("a", "x"), ("b", "o"), ("c", "c")],
            [("c", "c"), ("b", "y")],
        ),
        (
            "{label: a, new_label: b, value_actions: [{value: x, new_value: y}]}",
            [("b", "o"), ("a", "x")],
            [("b", "y")],
        ),
        ("{label: a, new_label: a}", [("a", "x"), ("b", 1)], [("b", 1)]),
        ("{label: a, new_label: a, value_actions: [{value: '', new_value: y}]}", [("a", "x")], [("a", "y")]),
        ("{label: z, new_label: n}", [("a", "x")], [("a", "x")]),
    ],
)
def test_labels_are_renamed(operation, before, after):
    changed = labels.updated(Map.of(before), operation_of(f"{{action: update_label, {operation[1:]}"))
    assert list(changed) == after
