"""Tokens to a written tree, by the rules and in the order of grammar.go of pkg/ottl 0.160.

The collector's parser (participle with unlimited lookahead) tries alternatives in order, takes the first that fits and
never comes back to a later one, and so does this.
"""

from dataclasses import dataclass
from typing import Final

from phoenix.ottl.grammar import written as w
from phoenix.ottl.grammar.customs import check_parts, check_statement
from phoenix.ottl.grammar.source import Found, Source
from phoenix.ottl.grammar.tokens import Kind
from phoenix.ottl.syntax import CompareOp, MathOp

_VALUE: Final = "a value"
_CONDITION: Final = "a condition"


def parse_statement(text: str) -> w.Statement:
    """Return the editor's call, or a converter's where an editor must stand, and the condition.

    Raises:
        OttlSyntaxError: the text does not parse.
    """
    source = Source(text)
    rules = _Rules(source)
    call = rules.call(0, Kind.LOWERCASE, needed=True) or rules.call(0, Kind.UPPERCASE, needed=True)
    if call is None:
        source.want(0, "an editor such as set(..)")
        raise source.error()
    editor, at = call
    where = None
    if source.is_mark(at, "where"):
        condition = source.keep(rules.condition, at + 1, _CONDITION)
        if condition is not None:
            where, at = condition
    else:
        source.want(at, "where")
    _must_end(source, at)
    statement = w.Statement(editor, where)
    check_statement(statement)
    return statement


def parse_condition(text: str) -> w.Condition:
    """Return the condition.

    Raises:
        OttlSyntaxError: the text does not parse.
    """
    source = Source(text)
    found = source.keep(_Rules(source).condition, 0, _CONDITION)
    if found is None:
        raise source.error()
    _must_end(source, found[1])
    check_parts(found[0])
    return found[0]


def parse_value(text: str) -> w.Value:
    """Return the value expression.

    Raises:
        OttlSyntaxError: the text does not parse.
    """
    source = Source(text)
    found = source.keep(_Rules(source).value, 0, _VALUE)
    if found is None:
        raise source.error()
    _must_end(source, found[1])
    check_parts(found[0])
    return found[0]


def _must_end(source: Source, at: int) -> None:
    if not source.is_kind(at, Kind.END):
        source.want(at, "the end")
        raise source.error()


@dataclass(frozen=True, slots=True)
class _Rules:
    """One method a rule; each takes the token to begin at."""

    source: Source

    def condition(self, at: int) -> Found[w.Condition]:
        """`term (or term)*`."""
        return self._chain(at, Kind.OR, "or")

    def conjunction(self, at: int) -> Found[w.Condition]:
        """`boolean (and boolean)*`."""
        return self._chain(at, Kind.AND, "and")

    def _chain(self, at: int, kind: Kind, word: str) -> Found[w.Condition]:
        rule = self.conjunction if kind is Kind.OR else self.boolean
        found = rule(at)
        if found is None:
            return None
        operands = [found[0]]
        end = found[1]
        while self.source.is_kind(end, kind):
            found = rule(end + 1)
            if found is None:
                break
            operands.append(found[0])
            end = found[1]
        self.source.want(end, word)
        if len(operands) == 1:
            return operands[0], end
        node = w.Disjunction if kind is Kind.OR else w.Conjunction
        return node(tuple(operands), self.source.span(at, end)), end

    def boolean(self, at: int) -> Found[w.Condition]:
        """`not? (comparison | true | false | converter | (condition))`."""
        negated = self.source.is_kind(at, Kind.NOT)
        start = at + negated
        found = self.comparison(start) or self._constant(start) or self._nested(start)
        if found is None or not negated:
            return found
        return w.Negation(found[0], self.source.span(at, found[1])), found[1]

    def _constant(self, at: int) -> Found[w.Condition]:
        if self.source.is_kind(at, Kind.BOOLEAN):
            token = self.source.token(at)
            return w.Boolean(token.word == "true", token.span), at + 1
        return self.call(at, Kind.UPPERCASE)

    def _nested(self, at: int) -> Found[w.Condition]:
        if not self.source.need(at, "(", name=_CONDITION):
            return None
        found = self.source.keep(self.condition, at + 1, _CONDITION)
        if found is None or not self.source.need(found[1], ")"):
            return None
        return found[0], found[1] + 1

    def comparison(self, at: int) -> Found[w.Condition]:
        """`value == value`."""
        left = self.source.keep(self.value, at, _VALUE)
        if left is None:
            return None
        if not self.source.is_kind(left[1], Kind.COMPARISON):
            self.source.want(left[1], "a comparison such as ==")
            return None
        right = self.source.keep(self.value, left[1] + 1, _VALUE)
        if right is None:
            return None
        op = CompareOp(self.source.token(left[1]).word)
        return w.Comparison(op, left[0], right[0], self.source.span(at, right[1])), right[1]

    def value(self, at: int) -> Found[w.Value]:
        """Every alternative of a value, in the collector's order."""
        token = self.source.token(at)
        if token.kind is Kind.NIL:
            return w.Nil(token.span), at + 1
        leaf = self.source.keep(self.leaf, at)
        if leaf is not None and self.source.token(leaf[1]).kind not in (Kind.ADD_SUB, Kind.MULT_DIV):
            return leaf
        return (
            self._lambda(at)
            or self.source.keep(self.computation, at)
            or self._literal(at)
            or self._mapping(at)
            or self._listing(at)
        )

    def _literal(self, at: int) -> Found[w.Value]:
        token = self.source.token(at)
        value, span = token.value, token.span
        if token.kind is Kind.BYTES and isinstance(value, bytes):
            return w.Bytes(value, span), at + 1
        if token.kind is Kind.STRING:
            return w.Text(token.word, span), at + 1
        if token.kind is Kind.BOOLEAN:
            return w.Boolean(token.word == "true", span), at + 1
        if token.kind is Kind.UPPERCASE and not self.source.is_kind(at + 1, Kind.LOWERCASE):
            return w.Symbol(token.word, span), at + 1
        self.source.want(at, _VALUE)
        return None

    def leaf(self, at: int) -> Found[w.Leaf]:
        """`editor | converter | number | path`."""
        call = self.call(at, Kind.LOWERCASE) or self.call(at, Kind.UPPERCASE)
        if call is not None:
            return call
        token = self.source.token(at)
        if isinstance(token.value, int | float):
            return w.Number(token.value, token.span), at + 1
        return self._path(at)

    def call(self, at: int, first: Kind, *, needed: bool = False) -> Found[w.Call]:
        """`name(argument, ...)[key]...`; the name begins with a letter of the kind `first`.

        Args:
            at: the token.
            first: LOWERCASE for an editor, UPPERCASE for a converter.
            needed: nothing else could stand here, so that a missing parenthesis is the error.
        """
        name, opening = self._name(at, first)
        if not name:
            return None
        if not self.source.is_mark(opening, "("):
            if needed or (first is Kind.UPPERCASE and opening > at + 1):
                self.source.want(opening, "(")
            return None
        found = self._arguments(opening + 1)
        if found is None:
            return None
        keys, end = self._keys(found[1])
        return w.Call(name, found[0], keys, self.source.span(at, opening), self.source.span(at, end)), end

    def _name(self, at: int, first: Kind) -> tuple[str, int]:
        # Tokens with spaces between them make one name too.
        if not self.source.is_kind(at, first):
            return "", at
        end = at + 1
        while self.source.token(end).kind in (Kind.UPPERCASE, Kind.LOWERCASE):
            end += 1
        return "".join(token.word for token in self.source.tokens[at:end]), end

    def _arguments(self, at: int) -> Found[tuple[w.Argument, ...]]:
        arguments = []
        found = self._argument(at)
        while found is not None:
            arguments.append(found[0])
            at = found[1]
            if not self.source.is_mark(at, ","):
                self.source.want(at, ",")
                break
            found = self._argument(at + 1)
        if not self.source.need(at, ")"):
            return None
        return tuple(arguments), at + 1

    def _argument(self, at: int) -> Found[w.Argument]:
        start, name = at, ""
        word, end = self._name(at, Kind.LOWERCASE)
        if word and self.source.is_kind(end, Kind.EQUAL):
            name, start = word, end + 1
        value: Found[w.Value | w.FunctionName] = self.source.keep(self.value, start, _VALUE)
        if value is None:
            word, end = self._name(start, Kind.UPPERCASE)
            if not word:
                return None
            value = w.FunctionName(word, self.source.span(start, end)), end
        return w.Argument(name, value[0], self.source.span(at, value[1])), value[1]

    def _lambda(self, at: int) -> Found[w.Lambda]:
        if not self.source.is_mark(at, "("):
            return None
        parameters, end = self._parameters(at + 1)
        if not self.source.is_mark(end, ")") or not self.source.is_kind(end + 1, Kind.ARROW):
            return None
        body: Found[w.Value | w.Condition] = self.source.keep(self.value, end + 2, _VALUE)
        if body is None or self.source.token(body[1]).kind in (Kind.OR, Kind.AND, Kind.COMPARISON):
            body = self.source.keep(self.condition, end + 2, _CONDITION)
        if body is None:
            return None
        return w.Lambda(parameters, body[0], self.source.span(at, body[1])), body[1]

    def _parameters(self, at: int) -> tuple[tuple[w.Parameter, ...], int]:
        parameters: list[w.Parameter] = []
        behind = at
        while self.source.token(behind).kind in (Kind.LOWERCASE, Kind.UNDERSCORE):
            token = self.source.token(behind)
            parameters.append(w.Parameter(token.word, token.span))
            at = behind + 1
            if not self.source.is_mark(at, ","):
                break
            behind = at + 1
        return tuple(parameters), at

    def computation(self, at: int) -> Found[w.Computation]:
        """Products and sums of leaves, signs and parentheses."""
        found = self._operations(at, Kind.ADD_SUB)
        return None if found is None else (w.Computation(found[0], self.source.span(at, found[1])), found[1])

    def _operations(self, at: int, kind: Kind) -> Found[w.Term]:
        found = self._operand(at, kind)
        if found is None:
            return None
        node, end = found
        while self.source.is_kind(end, kind):
            right = self._operand(end + 1, kind)
            if right is None:
                self.source.want(end + 1, _VALUE)
                break
            op = MathOp(self.source.token(end).word)
            node, end = w.Operation(op, node, right[0], self.source.span(at, right[1])), right[1]
        return node, end

    def _operand(self, at: int, kind: Kind) -> Found[w.Term]:
        return self._operations(at, Kind.MULT_DIV) if kind is Kind.ADD_SUB else self._factor(at)

    def _factor(self, at: int) -> Found[w.Term]:
        signed = self.source.is_kind(at, Kind.ADD_SUB)
        start = at + signed
        found: Found[w.Term] = self.source.keep(self.leaf, start)
        if found is None and self.source.is_mark(start, "("):
            inner = self.source.keep(self.computation, start + 1)
            if inner is not None and self.source.need(inner[1], ")"):
                found = inner[0], inner[1] + 1
        if found is None:
            if signed:
                self.source.want(start, _VALUE)
            return None
        if not signed:
            return found
        op = MathOp(self.source.token(at).word)
        return w.Signed(op, found[0], self.source.span(at, found[1])), found[1]

    def _path(self, at: int) -> Found[w.Path]:
        if not self.source.is_kind(at, Kind.LOWERCASE):
            return None
        context, segments, end = "", [], at
        if self.source.is_mark(at + 1, "."):
            context = self.source.token(at).word
            segments.append(w.Segment(context, (), self.source.token(at).span))
            end = at + 2
            if not self.source.is_kind(end, Kind.LOWERCASE):
                self.source.want(end, "a name in lower case")
                return None
        while True:
            token = self.source.token(end)
            keys, end = self._keys(end + 1)
            segments.append(w.Segment(token.word, keys, token.span))
            if not self.source.is_mark(end, ".") or not self.source.is_kind(end + 1, Kind.LOWERCASE):
                break
            end += 1
        if self.source.is_mark(end, "."):
            self.source.want(end + 1, "a name in lower case")
        return w.Path(context, tuple(segments), self.source.span(at, end)), end

    def _keys(self, at: int) -> tuple[tuple[w.Key, ...], int]:
        keys: list[w.Key] = []
        while self.source.is_mark(at, "["):
            found = self._key(at + 1)
            if found is None or not self.source.need(found[1], "]"):
                break
            keys.append(found[0])
            at = found[1] + 1
        return tuple(keys), at

    def _key(self, at: int) -> Found[w.Key]:
        token = self.source.token(at)
        if token.kind is Kind.STRING:
            return w.Text(token.word, token.span), at + 1
        if token.kind is Kind.INT and isinstance(token.value, int):
            return w.Number(token.value, token.span), at + 1
        found = self.source.keep(self.computation, at)
        if found is None:
            self.source.want(at, "a key")
        return found

    def _mapping(self, at: int) -> Found[w.Mapping]:
        if not self.source.is_mark(at, "{"):
            return None
        items: list[tuple[str, w.Value]] = []
        end = at + 1
        while self.source.is_kind(end, Kind.STRING):
            key = self.source.token(end)
            if not self.source.need(end + 1, ":"):
                break
            found = self.source.keep(self.value, end + 2, _VALUE)
            if found is None:
                break
            items.append((key.word, found[0]))
            end = found[1] + (1 if self.source.is_mark(found[1], ",") else 0)
        self.source.want(end, "a string as key")
        if not self.source.need(end, "}"):
            return None
        return w.Mapping(tuple(items), self.source.span(at, end + 1)), end + 1

    def _listing(self, at: int) -> Found[w.Listing]:
        if not self.source.is_mark(at, "["):
            return None
        items: list[w.Value] = []
        end = at + 1
        found = self.source.keep(self.value, end, _VALUE)
        while found is not None:
            items.append(found[0])
            end = found[1]
            if not self.source.is_mark(end, ","):
                self.source.want(end, ",")
                break
            found = self.source.keep(self.value, end + 1, _VALUE)
        if not self.source.need(end, "]"):
            return None
        return w.Listing(tuple(items), self.source.span(at, end + 1)), end + 1
