"""A written tree to one that can be run: every path, function and argument is looked up in one context.

Follows newGetter, newFunctionCall, newBoolExpr and evaluateMathExpression of pkg/ottl 0.160. What a collector accepts
and Phoenix does not do is reported only when nothing is wrong besides.
"""

from phoenix.ottl.contexts.enums import ENUMS
from phoenix.ottl.contexts.paths import EXEMPLAR
from phoenix.ottl.contexts.prefixes import Prefixes
from phoenix.ottl.dialect import LAMBDA_GATE, Dialect
from phoenix.ottl.errors import OttlGateError, OttlMeaningError, OttlNotDoneError
from phoenix.ottl.grammar import written as w
from phoenix.ottl.meaning import folding
from phoenix.ottl.meaning.arguments import bind
from phoenix.ottl.meaning.literals import is_buildable, is_literal
from phoenix.ottl.meaning.paths import is_done, resolve
from phoenix.ottl.meaning.suggestions import did_you_mean, no_function
from phoenix.ottl.signatures.signature import Signature
from phoenix.ottl.syntax import (
    Arithmetic,
    Call,
    Context,
    Enum,
    Expression,
    Lambda,
    ListOf,
    Literal,
    Local,
    MapOf,
    MathOp,
    Negative,
    Path,
    Span,
)


class Checker:
    """Looks up the parts of one text.

    Args:
        dialect: the place.
        context: what the text is run for; `exemplar` too.
        prefixes: how its paths are read.
    """

    def __init__(self, dialect: Dialect, context: str, prefixes: Prefixes) -> None:
        self.context = context
        self._dialect = dialect
        self._prefixes = prefixes
        self._functions = dialect.functions[context]
        self._enums = ENUMS.get(context, {})
        self._locals: list[frozenset[str]] = []
        self._not_done: OttlNotDoneError | None = None
        if context == EXEMPLAR:
            self.not_done("the exemplar context", 0)

    def finish(self) -> None:
        """Report what is not done, now that nothing else is wrong.

        Raises:
            OttlNotDoneError: the text has something that only a collector does.
        """
        if self._not_done is not None:
            raise self._not_done

    def not_done(self, feature: str, offset: int) -> None:
        """Remember the first thing that only a collector does."""
        if self._not_done is None:
            self._not_done = OttlNotDoneError(f"{feature} is known to collectors only", offset, feature=feature)

    def signature(self, name: str, at: Span) -> Signature:
        """Return the function.

        Raises:
            OttlMeaningError: there is none of this name here.
        """
        found = self._functions.get(name)
        if found is not None:
            return found
        raise no_function(name, self.context, self._dialect, at.start)

    def condition(self, node: w.Condition) -> Expression:
        """Return the boolean expression, with constants folded as the collector folds them."""
        if isinstance(node, w.Boolean):
            return Literal(node.value, node.span)
        if isinstance(node, w.Call):
            return self.call(node)
        if isinstance(node, w.Comparison):
            return folding.compared(node.op, self.value(node.left), self.value(node.right), node.span)
        if isinstance(node, w.Negation):
            return folding.negated(self.condition(node.operand), node.span)
        operands = tuple(self.condition(operand) for operand in node.operands)
        if isinstance(node, w.Conjunction):
            return folding.all_of(operands, node.span)
        return folding.any_of(operands, node.span)

    def value(self, node: w.Value) -> Expression:
        """Return the value expression."""
        if isinstance(node, w.Nil):
            return Literal(None, node.span)
        if isinstance(node, w.Text | w.Boolean | w.Bytes | w.Number):
            return Literal(node.value, node.span)
        if isinstance(node, w.Symbol):
            return self._enum(node)
        if isinstance(node, w.Lambda):
            return self.lambda_(node)
        if isinstance(node, w.Listing):
            return ListOf(tuple(self.value(item) for item in node.items), node.span)
        if isinstance(node, w.Mapping):
            return self._map(node)
        return self.term(node)

    def term(self, node: w.Term) -> Expression:
        """Return a part of a computation; parentheses vanish."""
        if isinstance(node, w.Computation):
            return self.term(node.root)
        if isinstance(node, w.Number):
            return Literal(node.value, node.span)
        if isinstance(node, w.Path):
            return self.path(node)
        if isinstance(node, w.Call):
            return self.call(node)
        if isinstance(node, w.Signed):
            return self._signed(node)
        return Arithmetic(node.op, self.term(node.left), self.term(node.right), node.span)

    def _signed(self, node: w.Signed) -> Expression:
        if node.op is MathOp.ADD:
            return self.term(node.operand)
        if isinstance(node.operand, w.Number):
            return Literal(-node.operand.value, node.span)
        return Negative(self.term(node.operand), node.span)

    def call(self, node: w.Call) -> Call:
        """Return the call with its arguments bound."""
        signature = self.signature(node.name, node.head)
        arguments = bind(self, node, signature)
        return Call(node.name, arguments, self.keys(node.keys), node.span)

    def path(self, node: w.Path) -> Path | Local:
        """Return the path, or the parameter of a lambda around it."""
        first = node.segments[0]
        if any(first.name in names for names in self._locals):
            if len(node.segments) > 1:
                raise OttlMeaningError(
                    f"{first.name} is a parameter of the lambda and has no fields",
                    node.segments[1].span.start,
                    user_action=f'Write {first.name}["{node.segments[1].name}"].',
                )
            return Local(first.name, self.keys(first.keys), node.span)
        found = resolve(node, self.context, self._prefixes)
        keys = self.keys(found.keys)
        if not is_done(found.owner):
            self.not_done(f"{found.owner}.{found.name}", node.span.start)
            return Path(Context.RESOURCE, found.name, keys, node.span)
        return Path(Context(found.owner), found.name, keys, node.span)

    def keys(self, keys: tuple[w.Key, ...]) -> tuple[Expression, ...]:
        """Return the indexes."""
        return tuple(self.value(key) for key in keys)

    def lambda_(self, node: w.Lambda) -> Lambda:
        """Return the lambda.

        Raises:
            OttlGateError: the dialect has none.
        """
        if LAMBDA_GATE not in self._dialect.gates:
            raise OttlGateError(f"a lambda needs the feature gate {LAMBDA_GATE}", node.span.start, gate=LAMBDA_GATE)
        names: set[str] = set()
        for parameter in node.parameters:
            if parameter.name in names:
                raise OttlMeaningError(f"{parameter.name} stands twice", parameter.span.start)
            if parameter.name != "_":
                names.add(parameter.name)
        self._locals.append(frozenset(names))
        body = (
            self.condition(node.body)
            if isinstance(node.body, w.Comparison | w.Negation | w.Conjunction | w.Disjunction)
            else self.value(node.body)
        )
        self._locals.pop()
        return Lambda(tuple(parameter.name for parameter in node.parameters), body, node.span)

    def _enum(self, node: w.Symbol) -> Enum:
        value = self._enums.get(node.name)
        if value is not None:
            return Enum(node.name, value, node.span)
        remedy = (
            did_you_mean(node.name, self._enums)
            if self._enums
            else f"The {self.context} context has no symbols; write the number."
        )
        raise OttlMeaningError(f"{node.name} is no symbol here", node.span.start, user_action=remedy)

    def _map(self, node: w.Mapping) -> MapOf:
        items = {key: self.value(value) for key, value in node.items}
        made = MapOf(tuple(items.items()), node.span)
        if is_literal(made) and not is_buildable(made):
            raise OttlMeaningError(
                "a map stands in a list in a list",
                node.span.start,
                user_action="Put maps into a map or a list of it, not deeper.",
            )
        return made
