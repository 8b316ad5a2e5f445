"""Statements are parted exactly when none reads or writes what another writes."""

import pytest
from tests.support.engine.small_frames import group

from phoenix.engine.statements.parting import parted


def shown(*groups):
    return [[[statement.text for statement in it.statements] for it in part] for part in parted(groups)]


A = 'set(resource.attributes["a"], datapoint.value_int)'
B = 'set(resource.attributes["b"], datapoint.value_int)'
READS_A = 'set(datapoint.attributes["x"], resource.attributes["a"])'
ALL = "delete_key(resource.attributes, metric.name)"


@pytest.mark.parametrize(
    ("statements", "parts"),
    [
        ((A, B), [[[A]], [[B]]]),
        ((A, READS_A, B), [[[A, READS_A]], [[B]]]),
        ((A, B, ALL), [[[A, B, ALL]]]),
        ((READS_A, A), [[[READS_A, A]]]),
    ],
)
def test_statements_that_meet_stay_together_in_their_order(statements, parts):
    assert shown(group(*statements)) == parts


def test_a_condition_holds_a_list_together_with_what_changes_it():
    asks = 'resource.attributes["a"] == nil'
    assert shown(group(A, B, conditions=[asks])) == [[[A, B]]]
    assert shown(group(B, READS_A, conditions=['metric.name == "m"'])) == [[[B]], [[READS_A]]]


def test_groups_meet_through_what_they_share():
    first = group(A, 'set(datapoint.cache["c"], 1)', shared=True)
    second = group(B, 'set(datapoint.attributes["c"], datapoint.cache["c"])', shared=True)
    assert shown(first, second) == [
        [[A]],
        [['set(datapoint.cache["c"], 1)'], ['set(datapoint.attributes["c"], datapoint.cache["c"])']],
        [[B]],
    ]


def test_what_makes_metrics_comes_first():
    makes = "scale_metric(2.0)"
    counts = 'set(resource.attributes["n"], resource.attributes["m"])'
    assert shown(group(counts, makes)) == [[[makes]], [[counts]]]
