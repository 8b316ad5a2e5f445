"""Which context a group of statements or a condition is for, when the config does not say.

As context_inferrer.go and parser_collection.go of pkg/ottl 0.160: the paths' most specific context, unless a function
or a symbol is missing there; then the first of the contexts below that has all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from phoenix.ottl.contexts.enums import ENUMS
from phoenix.ottl.contexts.paths import PREFIXES, SCOPE_ALIAS
from phoenix.ottl.dialect import Dialect
from phoenix.ottl.errors import OttlMeaningError
from phoenix.ottl.grammar import written as w
from phoenix.ottl.grammar.walking import children
from phoenix.ottl.meaning.suggestions import did_you_mean, no_function

_PRIORITY: Final = {
    name: rank
    for rank, name in enumerate(
        (
            *("log", "exemplar", "datapoint", "metric", "spanevent", "span", "profile", "scope"),
            *(SCOPE_ALIAS, "resource"),
        )
    )
}
_LAST: Final = len(_PRIORITY)


@dataclass(slots=True)
class _Hints:
    """What the texts say about their context, with the first place of each."""

    paths: list[tuple[str, w.Path, int]] = field(default_factory=list)
    functions: dict[str, tuple[int, int]] = field(default_factory=dict)
    symbols: dict[str, tuple[int, int]] = field(default_factory=dict)

    def read(self, nodes: Iterable[w.Node], index: int) -> None:
        """Take the hints of one text."""
        for node in nodes:
            for part in _visible(node, frozenset()):
                if isinstance(part, w.Path):
                    self.paths.append((part.context, part, index))
                elif isinstance(part, w.Call):
                    self.functions.setdefault(part.name, (part.head.start, index))
                elif isinstance(part, w.Symbol):
                    self.symbols.setdefault(part.name, (part.span.start, index))


def infer(statements: Iterable[w.Statement], conditions: Iterable[w.Condition], dialect: Dialect) -> str:
    """Return the plain name of the context; `exemplar` too. Texts are counted through, statements first.

    Raises:
        OttlMeaningError: no context has every path, function and symbol.
    """
    hints = _Hints()
    index = -1
    for index, statement in enumerate(statements):
        hints.read((statement.editor,) if statement.where is None else (statement.editor, statement.where), index)
    for offset, condition in enumerate(conditions, index + 1):
        hints.read((condition,), offset)
    context = _most_specific(hints)
    if not context:
        raise _error(hints, dialect, "no path says which context this is for")
    lacking = _lacking(context, hints, dialect)
    if lacking is None:
        return context
    below = [name for name, known in PREFIXES.items() if context in known and name != context]
    for name in sorted(below, key=_rank):
        if name in dialect.functions and context in dialect.functions and _lacking(name, hints, dialect) is None:
            return name
    raise lacking


def _rank(context: str) -> int:
    return _PRIORITY.get(context, _LAST)


def _most_specific(hints: _Hints) -> str:
    context = ""
    for candidate, _, _ in hints.paths:
        if not context or _rank(candidate) < _rank(context):
            context = candidate
    return context


def _lacking(context: str, hints: _Hints, dialect: Dialect) -> OttlMeaningError | None:
    if context not in dialect.functions:
        return _error(hints, dialect, f"{context} is no context here", context)
    functions, symbols = dialect.functions[context], ENUMS.get(context, {})
    for name, place in hints.functions.items():
        if name not in functions:
            return _of_text(no_function(name, context, dialect, place[0]), place[1])
    for name, place in hints.symbols.items():
        if name not in symbols:
            error = OttlMeaningError(
                f"{name} is no symbol of the {context} context", place[0], user_action=did_you_mean(name, symbols)
            )
            return _of_text(error, place[1])
    return None


def _of_text(error: OttlMeaningError, index: int) -> OttlMeaningError:
    error.index = index
    return error


def _error(hints: _Hints, dialect: Dialect, message: str, context: str = "") -> OttlMeaningError:
    offset, index = next(((path.span.start, at) for name, path, at in hints.paths if name == context), (0, 0))
    error = OttlMeaningError(
        message,
        offset,
        user_action=f"Begin paths with one of {', '.join(dialect.functions)}, or name the context with context:.",
    )
    return _of_text(error, index)


def _visible(node: w.Node, hidden: frozenset[str]) -> Iterator[w.Node]:
    # A parameter of a lambda is no path, though it is written as one.
    if isinstance(node, w.Path) and node.segments[0].name in hidden:
        for child in children(node):
            yield from _visible(child, hidden)
        return
    yield node
    if isinstance(node, w.Lambda):
        hidden = hidden | {parameter.name for parameter in node.parameters if parameter.name != "_"}
    for child in children(node):
        yield from _visible(child, hidden)
