"""Conditions that drop take the nodes that are empty with them."""

import pytest
from tests.support.engine.small_frames import small_frame

from phoenix.engine.frame import Level
from phoenix.engine.statements.dropping import Dropping, FailedRequests
from phoenix.engine.statements.group import Condition, ErrorMode
from phoenix.engine.tree import with_children
from phoenix.ottl.dialect import FILTER_METRICS
from phoenix.ottl.language import parse_condition
from phoenix.ottl.syntax import Context

FRAME = small_frame([("a", [1, 5]), ("b", [2]), ("c", [])])


def drop(context, text, mode=ErrorMode.IGNORE, frame=FRAME):
    condition = Condition(parse_condition(text, context, FILTER_METRICS), text)
    failed = FailedRequests()
    return Dropping({context: [condition]}, mode).run(frame, failed), failed


def left(frame, level):
    alive = frame.alive(level)
    return frame.size(level) if alive is None else int(alive.sum())


def test_points_drop_their_metric_scope_and_resource_when_none_is_left():
    frame, _ = drop(Context.DATAPOINT, "value_int < 4")
    assert [left(frame, level) for level in Level] == [1, 1, 1, 1]


def test_a_condition_above_the_points_is_not_asked_of_points():
    frame, _ = drop(Context.DATAPOINT, 'resource.attributes["name"] == "a"')
    assert Level.POINT not in frame.dropped
    assert [left(frame, level) for level in Level] == [1, 1, 1, 1]


def test_a_resource_that_holds_nothing_stays_only_when_no_lower_condition_is_asked():
    assert left(drop(Context.RESOURCE, "false")[0], Level.RESOURCE) == 3
    assert left(drop(Context.DATAPOINT, "false")[0], Level.RESOURCE) == 2


def test_what_an_error_was_met_at_stays():
    frame, failed = drop(Context.METRIC, "1 / resource.dropped_attributes_count == 1", ErrorMode.PROPAGATE)
    assert left(frame, Level.METRIC) == 3
    assert failed.first_sent(frame) == 0


def test_a_failed_request_of_which_nothing_is_left_has_not_failed():
    _, failed = drop(Context.METRIC, "HasPrefix(name, resource.schema_url) == nil", ErrorMode.PROPAGATE)
    frame, more = drop(Context.RESOURCE, "true", ErrorMode.PROPAGATE)
    more.reasons = {0: "an error"}
    assert more.first_sent(frame) is None
    assert failed.first_sent(FRAME) is None


@pytest.mark.parametrize(("level", "expected"), [(Level.RESOURCE, 3), (Level.METRIC, 2)])
def test_children_are_looked_for_right_below(level, expected):
    assert with_children(FRAME, level).sum() == expected
