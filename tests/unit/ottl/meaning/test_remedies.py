"""What an error says to do: near names, the right place, the word that was meant."""

import pytest

from phoenix.ottl.dialect import FILTER_METRICS, TRANSFORM_STATEMENTS
from phoenix.ottl.errors import OttlError, OttlGateError, OttlNotDoneError
from phoenix.ottl.language import infer_context, parse_condition, parse_group, parse_statement
from phoenix.ottl.syntax import Context, Path


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ('set(resource.atributes["a"], 1)', "Did you mean attributes?"),
        ("set(resource.attributes, Tolowercase(1))", "ToLowerCase"),
        ("sett(resource.attributes, 1)", "Did you mean set"),
        ("set(metric.name, METRIC_DATA_TYPE_SUMM)", "METRIC_DATA_TYPE_SUM, "),
        ('set(metric.attributes["a"], 1)', "datapoint.attributes in the datapoint context"),
        ("set(metric.version, 1)", "Did you mean scope.version?"),
        ('set(attributes["a"], metric.name)', "Write scope.attributes or resource.attributes."),
        ('set(metric.metadata.unit, "x")', 'Write metadata["unit"].'),
        ('set(metric.cache["a"], resource.cache["a"])', "Write metric.cache in place of resource.cache."),
        ("set(metric.name, null)", "Write nil for nothing."),
        ("set(metric.name, True)", "Write true."),
        ("set(metric.name, Concat)", "Call it: Concat(..)"),
        ("set(metric.name, value=1, x=2)", "Write set(target, value)."),
        ("set(metric.name, vale=1)", "Did you mean value?"),
        (
            'set(metric.name, CommunityID(source_ip="a", source_port=1, destination_ip="b", destination_port=2))',
            "source_i_p",
        ),
        ('set(metric.name, Substring("a", 1))', "Write Substring(target, start, length, [utf8_safe])."),
        ("set(metric.name, 1) when true", "Write where in front of the condition."),
        ("set(metric.name, 1) where metric.unit = 1", "Write == to compare."),
        ("set(metric.name, 1) where !true", "Write not."),
        ("set(metric.name, 'x')", 'Put strings in straight ".'),
        ("set(otelcol, 1) where metric.unit == nil", "Begin the path with one of"),
        ("set(metric.name, otelcol.x)", "Known here: client.addr, "),
        ("set(scope.name, datapointt.attributes) where datapoint.flags == 1", "Did you mean datapoint?"),
        ("set(scope.name, name) where metric.unit == nil", "Write metric.name or scope.name."),
        ("set(metric.name, cache)", "Write metric.cache."),
        ('set(scope.name, span.name) where metric.unit == "a"', "Known here: instrumentation_scope, metric"),
        (
            "set(scope.name, datapoint.flags) where otelcol.client.addr == metric.name and exemplar.foo == 1",
            "Known here",
        ),
        ("copy_metric() where datapoint.flags == 1", "copy_metric exists in the context metric"),
    ],
)
def test_the_remedy_names_what_was_probably_meant(text, remedy):
    with pytest.raises(OttlError) as caught:
        parse_statement(text, None, TRANSFORM_STATEMENTS)
    assert remedy in caught.value.user_action


def test_a_name_like_nothing_known_is_said_to_be_so():
    with pytest.raises(OttlError) as caught:
        parse_statement("qqqqq()", Context.METRIC, TRANSFORM_STATEMENTS)
    assert "none is like qqqqq" in caught.value.user_action


def test_a_function_of_another_context_names_it():
    with pytest.raises(OttlError) as caught:
        parse_statement("copy_metric()", Context.DATAPOINT, TRANSFORM_STATEMENTS)
    assert "copy_metric exists in the context metric" in caught.value.user_action


def test_a_context_that_a_given_one_cannot_reach_is_named():
    with pytest.raises(OttlError, match="cannot reach datapoint"):
        parse_statement("set(metric.name, datapoint.flags)", Context.METRIC, TRANSFORM_STATEMENTS, prefixed=True)


def test_an_open_place_has_no_keys_on_its_contexts():
    with pytest.raises(OttlError, match="metric is a context and has no keys"):
        parse_condition('metric["a"].name == 1', Context.METRIC, FILTER_METRICS)


def test_an_error_says_which_of_several_texts_it_is_about():
    with pytest.raises(OttlError) as first:
        parse_group(("set(metric.name, 1)", "set(metric.name, 1"), (), None)
    with pytest.raises(OttlError) as second:
        parse_group(("set(metric.name, 1)",), ("true", "metric.nam == 1"), None)
    with pytest.raises(OttlError) as third:
        parse_group(("set(metric.name, 1)",), ("true", "metric.name == NOPE"), None)
    assert [caught.value.index for caught in (first, second, third)] == [1, 2, 2]


def test_lambdas_need_their_gate():
    with pytest.raises(OttlGateError) as caught:
        parse_statement("set(metric.name, Any([1], (k, v) => v == 1))", None, TRANSFORM_STATEMENTS)
    assert caught.value.details["gate"] == "ottl.functions.enableLambda"


def test_the_context_of_exemplars_is_not_done():
    with pytest.raises(OttlNotDoneError):
        infer_context(("set(exemplar.int_value, 1)",), (), TRANSFORM_STATEMENTS)
    assert infer_context((), ("datapoint.flags == 1",), TRANSFORM_STATEMENTS) is Context.DATAPOINT


def test_the_telemetry_of_a_client_is_whose_no_statement_is_run_for():
    statement = parse_statement("set(metric.name, otelcol.client.addr)", None, TRANSFORM_STATEMENTS)
    assert statement.editor.arguments["value"] == Path(Context.OTELCOL, "client.addr")
    assert statement.context is Context.METRIC
    with pytest.raises(OttlError):
        infer_context(("set(otelcol.client.addr, 1)",), (), TRANSFORM_STATEMENTS)


def test_what_a_collector_refuses_goes_before_what_is_not_done():
    statements = ("set(metric.name, Now(1))", "set(metric.nam, 1)")
    with pytest.raises(OttlError, match="metric has no path nam"):
        parse_group(statements, (), None)
    with pytest.raises(OttlNotDoneError):
        parse_group(statements[:1], (), None)


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("set(metric.name, Now(1))", "arguments of Now, which has none"),
        ("set(value=metric.name, value=1)", "the argument value given twice"),
        ('set(metric.name, GetXML(metric.name, "count(/a)"))', "more than steps and simple tests"),
    ],
)
def test_what_only_collectors_do_is_named(text, feature):
    with pytest.raises(OttlNotDoneError) as caught:
        parse_statement(text, None, TRANSFORM_STATEMENTS)
    assert feature in str(caught.value.details["feature"])
