"""The checked tree: contexts filled in, arguments by name, constants folded where a collector folds them."""

import pytest

from phoenix.ottl.dialect import FILTER_CONDITIONS, FILTER_METRICS, TRANSFORM_STATEMENTS
from phoenix.ottl.language import parse_condition, parse_group, parse_statement, parse_statements, parse_value
from phoenix.ottl.syntax import (
    And,
    Arithmetic,
    Call,
    CompareOp,
    Comparison,
    Context,
    Enum,
    Expression,
    FunctionName,
    ListOf,
    Literal,
    MapOf,
    MathOp,
    Negative,
    Not,
    Or,
    Path,
)

NAME = Path(Context.METRIC, "name")
X_EQUALS_ONE = Comparison(CompareOp.EQ, Path(Context.METRIC, "unit"), Literal("1"))


def value(text: str, context: Context = Context.METRIC) -> Expression:
    return parse_value(text, context, TRANSFORM_STATEMENTS)


def condition(text: str) -> Expression:
    return parse_condition(text, Context.METRIC, FILTER_METRICS)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("name", NAME),
        ("metric.name", NAME),
        ("instrumentation_scope.name", Path(Context.SCOPE, "name")),
        ('resource.attributes["a"][0]', Path(Context.RESOURCE, "attributes", (Literal("a"), Literal(0)))),
        ("cache[name]", Path(Context.METRIC, "cache", (NAME,))),
        ("metadata[-1]", Path(Context.METRIC, "metadata", (Literal(-1),))),
    ],
)
def test_a_path_says_whose_it_is(text, path):
    assert value(text) == path


def test_a_path_of_two_fields_has_one_name():
    assert value("positive.offset", Context.DATAPOINT) == Path(Context.DATAPOINT, "positive.offset")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("nil", Literal(None)),
        ("0x01", Literal(b"\x01")),
        ("-1", Literal(-1)),
        ("- 2.5", Literal(-2.5)),
        ("+1", Literal(1)),
        ("(1)", Literal(1)),
        ("-(1)", Negative(Literal(1))),
        ("-name", Negative(NAME)),
        ("1 + 2", Arithmetic(MathOp.ADD, Literal(1), Literal(2))),
        (
            "1 - 2 - 3 * 4",
            Arithmetic(
                MathOp.SUBTRACT,
                Arithmetic(MathOp.SUBTRACT, Literal(1), Literal(2)),
                Arithmetic(MathOp.MULTIPLY, Literal(3), Literal(4)),
            ),
        ),
        ("METRIC_DATA_TYPE_SUM", Enum("METRIC_DATA_TYPE_SUM", 2)),
        ("[1, name]", ListOf((Literal(1), NAME))),
        ('{"a": 1, "b": nil, "a": 2}', MapOf((("a", Literal(2)), ("b", Literal(None))))),
        ('Split(name, ",")[0]', Call("Split", {"target": NAME, "delimiter": Literal(",")}, (Literal(0),))),
        ("Now()", Call("Now", {})),
    ],
)
def test_values_become_trees(text, made):
    assert value(text) == made


def test_arguments_stand_in_the_signatures_order_by_name():
    call = value("Substring(length=2, target=name, utf8_safe=true, start=1)")
    assert isinstance(call, Call)
    assert list(call.arguments) == ["target", "start", "length", "utf8_safe"]
    assert call.arguments["utf8_safe"] == Literal(True)  # noqa: FBT003 - the tree's own form


def test_optional_arguments_that_are_not_given_are_absent():
    statement = parse_statement('replace_pattern(name, "a", "b", Hex)', Context.METRIC, TRANSFORM_STATEMENTS)
    assert list(statement.editor.arguments) == ["target", "regex_pattern", "replacement", "function"]
    assert statement.editor.arguments["function"] == FunctionName("Hex")


TRUE, FALSE = Literal(value=True), Literal(value=False)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ('unit == "1"', X_EQUALS_ONE),
        ('not unit == "1"', Not(X_EQUALS_ONE)),
        ('unit == "1" and IsString(name)', And((X_EQUALS_ONE, Call("IsString", {"target": NAME})))),
        (
            'unit == "1" or unit == "1" and IsString(name)',
            Or((X_EQUALS_ONE, And((X_EQUALS_ONE, Call("IsString", {"target": NAME}))))),
        ),
        ("true", TRUE),
        ("not true", FALSE),
        ('unit == "1" and false', FALSE),
        ('unit == "1" or true', TRUE),
        ('true and unit == "1"', X_EQUALS_ONE),
        ('false or unit == "1"', X_EQUALS_ONE),
        ("true and true", TRUE),
        ("false or false", FALSE),
        ("1 == 1.0", TRUE),
        ("1 < 2", TRUE),
        ("1 == true", FALSE),
        ("1 != true", TRUE),
        ('"a" < "b"', TRUE),
        ("false < true", TRUE),
        ("0x01 >= 0x02", FALSE),
        ("nil == nil", TRUE),
        ("nil <= nil", TRUE),
        ("nil < nil", FALSE),
        ("nil != nil", FALSE),
        ("nil == 1", FALSE),
        ("1 != nil", TRUE),
        ("[1, 2] == [1, 2]", TRUE),
        ("[1] == [1.0]", FALSE),
        ("[1] < [2]", FALSE),
        ("[1] != [2]", TRUE),
        ('{"a": 1, "b": 2} == {"b": 2, "a": 1}', TRUE),
        ('{"a": 1} == {"a": true}', FALSE),
        ('{"a": 1} == [1]', FALSE),
        ("METRIC_DATA_TYPE_SUM == 2", TRUE),
        (
            "1 + 1 == 2",
            Comparison(CompareOp.EQ, Arithmetic(MathOp.ADD, Literal(1), Literal(1)), Literal(2)),
        ),
    ],
)
def test_conditions_are_folded_as_a_collector_folds_them(text, made):
    assert condition(text) == made


def test_statements_keep_their_text_and_context():
    statements = parse_statements(
        ('set(resource.attributes["a"], 1)', "set(metric.name, resource.schema_url) where metric.unit == nil"),
        None,
        TRANSFORM_STATEMENTS,
    )
    assert [statement.context for statement in statements] == [Context.METRIC] * 2
    assert statements[0].text == 'set(resource.attributes["a"], 1)'
    assert statements[0].where is None


def test_a_group_reads_its_conditions_where_they_stand():
    named = parse_group(("set(name, unit)",), ('name == "a"', 'HasAttrKeyOnDatapoint("k")'), Context.METRIC)
    inferred = parse_group(("set(metric.name, metric.unit)",), ('metric.name == "a"',), None)
    assert named.context is inferred.context is Context.METRIC
    assert named.statements[0].editor == inferred.statements[0].editor
    assert named.conditions[0] == inferred.conditions[0]


def test_a_given_context_may_still_need_prefixes():
    text = 'metric.name == "a"'
    assert parse_condition(text, Context.METRIC, FILTER_CONDITIONS, prefixed=True) == parse_condition(
        text, None, FILTER_CONDITIONS
    )
