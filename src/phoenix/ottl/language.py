"""The door of this room: texts to statements and conditions, checked for one place of one collector.

`engine` runs what comes out, `collector.validate` reports what is raised. A transform group is read whole by
`parse_group`; the other functions are its parts, for filter and for texts on their own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from phoenix.ottl import inference
from phoenix.ottl.contexts.prefixes import Prefixes
from phoenix.ottl.dialect import TRANSFORM_CONDITIONS, TRANSFORM_STATEMENTS, Dialect
from phoenix.ottl.errors import OttlError, OttlNotDoneError
from phoenix.ottl.grammar import parser, written
from phoenix.ottl.meaning.checker import Checker
from phoenix.ottl.meaning.paths import is_done
from phoenix.ottl.syntax import Context, Expression, Statement

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of transform's statements.

    Attributes:
        context: what it is run for.
        conditions: the statements run where one of them is true, or everywhere without any.
        statements: one after the other.
    """

    context: Context
    conditions: tuple[Expression, ...]
    statements: tuple[Statement, ...]


def parse_statements(
    texts: Sequence[str], context: Context | None, dialect: Dialect, *, prefixed: bool = False
) -> tuple[Statement, ...]:
    """Return the statements, for `context` or for the one that fits all of them.

    Args:
        texts: as the config has them.
        context: what the config names, if it does.
        dialect: where they stand.
        prefixed: paths must name their context though one is given, since it was inferred.

    Raises:
        OttlError: a collector refuses one of them, or it is not done here; `index` says which.
    """
    trees = _each(texts, parser.parse_statement)
    name = inference.infer(trees, (), dialect) if context is None else context.value
    prefixes = Prefixes.NEEDED if prefixed or context is None else dialect.prefixes
    return _all_of(
        partial(_statement, text, tree, Checker(dialect, name, prefixes))
        for text, tree in zip(texts, trees, strict=True)
    )


def parse_statement(text: str, context: Context | None, dialect: Dialect, *, prefixed: bool = False) -> Statement:
    """Return one statement; see `parse_statements`.

    Raises:
        OttlError: a collector refuses it, or it is not done here.
    """
    return parse_statements((text,), context, dialect, prefixed=prefixed)[0]


def parse_condition(text: str, context: Context | None, dialect: Dialect, *, prefixed: bool = False) -> Expression:
    """Return a condition on its own; `infer_context((), (text,), dialect)` is its context when none is given.

    Raises:
        OttlError: a collector refuses it, or it is not done here.
    """
    tree = parser.parse_condition(text)
    name = inference.infer((), (tree,), dialect) if context is None else context.value
    prefixes = Prefixes.NEEDED if prefixed or context is None else dialect.prefixes
    return _condition(tree, Checker(dialect, name, prefixes))


def parse_value(text: str, context: Context, dialect: Dialect, *, prefixed: bool = False) -> Expression:
    """Return a value expression on its own.

    Raises:
        OttlError: a collector refuses it, or it is not done here.
    """
    checker = Checker(dialect, context.value, Prefixes.NEEDED if prefixed else dialect.prefixes)
    value = checker.value(parser.parse_value(text))
    checker.finish()
    return value


def parse_group(statements: Sequence[str], conditions: Sequence[str], context: Context | None) -> Group:
    """Return a group of transform's `metric_statements`: one `context:`, its `conditions` and `statements`.

    Args:
        statements: as the config has them; all texts together if the config lists them without groups.
        conditions: those of the group.
        context: what the group names, if it does.

    Raises:
        OttlError: a collector refuses one of the texts, or it is not done here; `index` says which, statements first.
    """
    trees = _each(statements, parser.parse_statement)
    condition_trees = _each(conditions, parser.parse_condition, len(statements))
    if context is None:
        name, ways = inference.infer(trees, condition_trees, TRANSFORM_STATEMENTS), (Prefixes.NEEDED, Prefixes.NEEDED)
    else:
        name, ways = context.value, (TRANSFORM_STATEMENTS.prefixes, TRANSFORM_CONDITIONS.prefixes)
    steps: list[Callable[[], Statement | Expression]] = [
        partial(_statement, text, tree, Checker(TRANSFORM_STATEMENTS, name, ways[0]))
        for text, tree in zip(statements, trees, strict=True)
    ]
    steps += [partial(_condition, tree, Checker(TRANSFORM_CONDITIONS, name, ways[1])) for tree in condition_trees]
    parsed = _all_of(steps)
    return Group(
        Context(name),
        tuple(part for part in parsed if not isinstance(part, Statement)),
        tuple(part for part in parsed if isinstance(part, Statement)),
    )


def infer_context(statements: Sequence[str], conditions: Sequence[str], dialect: Dialect) -> Context:
    """Return the context for which all texts together are run when the config names none.

    Raises:
        OttlError: a text does not parse, or no context fits.
    """
    trees = _each(statements, parser.parse_statement)
    name = inference.infer(trees, _each(conditions, parser.parse_condition, len(statements)), dialect)
    if not is_done(name):
        raise OttlNotDoneError(f"the {name} context is known to collectors only", 0, feature=f"the {name} context")
    return Context(name)


def _statement(text: str, tree: written.Statement, checker: Checker) -> Statement:
    editor = checker.call(tree.editor)
    where = None if tree.where is None else checker.condition(tree.where)
    checker.finish()
    return Statement(Context(checker.context), editor, where, text)


def _condition(tree: written.Condition, checker: Checker) -> Expression:
    condition = checker.condition(tree)
    checker.finish()
    return condition


def _each(texts: Sequence[str], parse: Callable[[str], _Made], first: int = 0) -> tuple[_Made, ...]:
    made = []
    for index, text in enumerate(texts, first):
        try:
            made.append(parse(text))
        except OttlError as error:
            error.index = index
            raise
    return tuple(made)


def _all_of(steps: Iterable[Callable[[], _Made]]) -> tuple[_Made, ...]:
    # What a collector refuses comes before what is only not done here, also when it stands behind it.
    made, held = [], None
    for index, step in enumerate(steps):
        try:
            made.append(step())
        except OttlError as error:
            error.index = index
            if not isinstance(error, OttlNotDoneError):
                raise
            held = held or error
    if held is not None:
        raise held
    return tuple(made)
