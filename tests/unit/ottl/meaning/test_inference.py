"""The context of texts that do not name one."""

import pytest

from phoenix.ottl.dialect import FILTER_CONDITIONS, TRANSFORM_STATEMENTS
from phoenix.ottl.errors import OttlMeaningError
from phoenix.ottl.language import infer_context
from phoenix.ottl.syntax import Context


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ('set(resource.attributes["a"], 1)', Context.RESOURCE),
        ("set(scope.name, resource.schema_url)", Context.SCOPE),
        ("set(resource.schema_url, metric.name)", Context.METRIC),
        ("set(metric.name, instrumentation_scope.name)", Context.METRIC),
        ("set(resource.attributes[datapoint.flags], metric.name)", Context.DATAPOINT),
        ("set(resource.schema_url, METRIC_DATA_TYPE_SUM)", Context.DATAPOINT),
        ("set(metric.name, FLAG_NONE)", Context.DATAPOINT),
        ("copy_metric() where scope.name == nil", Context.METRIC),
        ('convert_summary_sum_val_to_sum("delta", true) where metric.name == nil', Context.DATAPOINT),
        ("set(foo.bar, resource.schema_url)", Context.RESOURCE),
    ],
)
def test_the_most_specific_path_decides_unless_something_is_missing_there(text, context):
    if "foo" not in text:
        assert infer_context((text,), (), TRANSFORM_STATEMENTS) is context
    assert infer_context((text,), ("resource.schema_url == nil",), TRANSFORM_STATEMENTS) is context


def test_all_texts_decide_together():
    texts = ('set(resource.attributes["a"], 1)', "set(metric.name, resource.schema_url)")
    assert infer_context(texts, (), TRANSFORM_STATEMENTS) is Context.METRIC
    assert infer_context(texts, ("datapoint.flags == 1",), TRANSFORM_STATEMENTS) is Context.DATAPOINT


@pytest.mark.parametrize(
    ("statements", "condition", "reason"),
    [
        (("set(attributes, 1)",), "true", "no path says which context"),
        (("set(instrumentation_scope.name, 1)",), "true", "instrumentation_scope is no context here"),
        (("copy_metric()",), "datapoint.flags == 1", "has no function copy_metric in the datapoint context"),
        (("set(metric.name, NOPE)",), "true", "NOPE is no symbol of the metric context"),
    ],
)
def test_no_context_for_all_is_refused(statements, condition, reason):
    with pytest.raises(OttlMeaningError, match=reason):
        infer_context(statements, (condition,), TRANSFORM_STATEMENTS)


def test_a_place_knows_its_own_contexts_only():
    with pytest.raises(OttlMeaningError, match="exemplar is no context here"):
        infer_context((), ("exemplar.int_value == 1",), FILTER_CONDITIONS)
