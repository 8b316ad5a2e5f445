"""What the OTTL of a config says, and everything that is wrong with it: each text on its own, errors held beside it.

Rules ask for what is right (`Reading.statements`, `Reading.conditions`), `check` tells what is not.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TypeVar

from phoenix.collector.config.expansion import expansions_in
from phoenix.collector.config.pipelines import Component
from phoenix.collector.validate.ottl.groups import Group, Text, groups_of
from phoenix.ottl.dialect import Dialect
from phoenix.ottl.errors import OttlError, OttlNotDoneError
from phoenix.ottl.grammar import parser
from phoenix.ottl.language import infer_context, parse_condition, parse_statement
from phoenix.ottl.syntax import RUN_FOR, Context, Expression, Statement

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on its own, and what it is asked of."""

    text: Text
    context: Context
    expression: Expression


@dataclass(frozen=True, slots=True)
class Mistake:
    """One text that no collector takes.

    Attributes:
        text: which.
        offset: the character of the text as the config has it, from 0.
        error: what is wrong.
    """

    text: Text
    offset: int
    error: OttlError


@dataclass(frozen=True, slots=True)
class Reading:
    """One processor's OTTL for metrics.

    Attributes:
        component: whose.
        statements: each that is right, with where it stands.
        guards: for each statement the conditions of its group, of which one must hold.
        conditions: each condition of a filter that is right.
        mistakes: what is wrong, in the order of the texts.
    """

    component: Component
    statements: tuple[tuple[Text, Statement], ...]
    guards: tuple[tuple[Condition, ...], ...]
    conditions: tuple[Condition, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def expressions(self) -> Iterator[tuple[Text, Expression]]:
        """Everything that is right, with the text it is in."""
        for condition in (*self.conditions, *chain.from_iterable(self.guards)):
            yield condition.text, condition.expression
        for text, statement in self.statements:
            yield text, statement.editor
            if statement.where is not None:
                yield text, statement.where


def read(component: Component) -> Reading:
    """Return what the OTTL of a filter or transform processor says; nothing for other components."""
    reader = _Reader()
    for group in groups_of(component):
        reader.group(group, keeps_conditions=component.type == "filter")
    return Reading(
        component, tuple(reader.statements), tuple(reader.guards), tuple(reader.conditions), tuple(reader.mistakes)
    )


class _Reader:
    def __init__(self) -> None:
        self.statements: list[tuple[Text, Statement]] = []
        self.guards: list[tuple[Condition, ...]] = []
        self.conditions: list[Condition] = []
        self.mistakes: list[Mistake] = []

    def group(self, group: Group, *, keeps_conditions: bool) -> None:
        """Read one group: first whether its texts parse, then what they are for, then what they mean."""
        statements = [text for text in group.statements if self._parses(text, parser.parse_statement)]
        conditions = [text for text in group.conditions if self._parses(text, parser.parse_condition)]
        whole = len(statements) + len(conditions) == len(group.statements) + len(group.conditions)
        if group.context is None or not (statements or conditions):
            return
        inferred = not group.context
        context = self._inferred(group, statements, conditions, whole=whole) if inferred else _named(group.context)
        if context is None:
            return
        found = []
        for text in conditions:
            parse = partial(_condition, context=context, dialect=group.condition_dialect, prefixed=inferred)
            if (condition := self._meaning(text, parse)) is not None:
                found.append(Condition(text, context, condition))
        for text in statements:
            parse_one = partial(_statement, context=context, dialect=group.dialect, prefixed=inferred)
            if (statement := self._meaning(text, parse_one)) is not None:
                self.statements.append((text, statement))
                self.guards.append(tuple(found))
        if keeps_conditions:
            self.conditions += found

    def _inferred(
        self, group: Group, statements: Sequence[Text], conditions: Sequence[Text], *, whole: bool
    ) -> Context | None:
        # What fits the texts that parse may not be what would fit all of them, so then no failure is told.
        texts = [*statements, *conditions]
        plain = [_plain(text.text) for text in texts]
        try:
            return infer_context(plain[: len(statements)], plain[len(statements) :], group.dialect)
        except OttlError as error:
            if whole and not isinstance(error, OttlNotDoneError):
                self._mistake(texts[error.index], error)
            return None

    def _parses(self, text: Text, parse: Callable[[str], object]) -> bool:
        # A text with a variable in it is whole only on its host.
        return not any(expansions_in(text.text)) and self._meaning(text, parse) is not None

    def _meaning(self, text: Text, parse: Callable[[str], T]) -> T | None:
        try:
            return parse(_plain(text.text))
        except OttlNotDoneError:
            return None
        except OttlError as error:
            self._mistake(text, error)
            return None

    def _mistake(self, text: Text, error: OttlError) -> None:
        self.mistakes.append(Mistake(text, written_offset(text.text, error.offset), error))


def _named(context: str) -> Context | None:
    # The exemplar context is known to collectors only, and other words are no context: settings, not OTTL, are wrong.
    return Context(context) if context in RUN_FOR else None


def _statement(text: str, *, context: Context, dialect: Dialect, prefixed: bool) -> Statement:
    return parse_statement(text, context, dialect, prefixed=prefixed)


def _condition(text: str, *, context: Context, dialect: Dialect, prefixed: bool) -> Expression:
    return parse_condition(text, context, dialect, prefixed=prefixed)


def _plain(text: str) -> str:
    return text.replace("$$", "$")


def written_offset(text: str, offset: int) -> int:
    """Return the offset in a text as written for one in the text that the collector reads: `$$` is one character.

    >>> written_offset('"$$1" = "a"', 5)
    6
    """
    index = 0
    for _ in range(offset):
        index += 2 if text.startswith("$$", index) else 1
    return index
