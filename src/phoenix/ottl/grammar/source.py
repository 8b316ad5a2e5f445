"""The tokens of a text under a parser: what stands where, and the furthest place at which something else was needed."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from phoenix.ottl.errors import OttlNotDoneError, OttlSyntaxError
from phoenix.ottl.grammar.tokens import Kind, Token, tokens
from phoenix.ottl.syntax import Span

_Node = TypeVar("_Node")
Found = tuple[_Node, int] | None
"""What a rule gives: the node and the token behind it, or nothing."""

# Each level costs a handful of Python's frames, of which there are 1,000.
_DEEPEST: Final = 80
_NEAR: Final = 24
_HINTS: Final = {
    "and": "Write and between two conditions, in lower case.",
    "or": "Write or between two conditions, in lower case.",
    "not": "Write not once, in lower case, in front of a condition.",
    "where": "Write where once, in lower case, behind the editor.",
    "if": "Write where in front of the condition.",
    "when": "Write where in front of the condition.",
    "=": "Write == to compare.",
    "in": "Write a comparison with each value and or between them.",
}


class Source:
    """Tokens by index. Rules are tried in order and may go back, so what they found is kept by rule and place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self._kept: dict[tuple[str, int], Any] = {}
        self._depth = 0
        self._furthest = 0
        self._wanted: list[str] = []
        self._names: dict[int, str] = {}

    def token(self, at: int) -> Token:
        """Return the token; the end's is the last."""
        return self.tokens[at]

    def is_kind(self, at: int, kind: Kind) -> bool:
        """Whether a token of this kind stands there."""
        return self.tokens[at].kind is kind

    def is_mark(self, at: int, mark: str) -> bool:
        """Whether the mark or word stands there.

        The collector's parser compares what a token says and not what it is: the string `","` is taken for a comma.
        """
        return self.tokens[at].word == mark

    def need(self, at: int, mark: str, *, name: str | None = None) -> bool:
        """Like `is_mark`, and remember that the mark was needed there if it is not."""
        if self.is_mark(at, mark):
            return True
        self.want(at, name or mark)
        return False

    def want(self, at: int, what: str) -> None:
        """Remember that `what` was needed there, for the error that may come of it."""
        what = self._names.get(at, what)
        if at > self._furthest:
            self._furthest, self._wanted = at, []
        if at == self._furthest and what not in self._wanted:
            self._wanted.append(what)

    def span(self, start: int, stop: int) -> Span:
        """Return the characters of the tokens `[start, stop)`."""
        return Span(self.tokens[start].span.start, self.tokens[max(start, stop - 1)].span.stop)

    def keep(self, rule: Callable[[int], Found[_Node]], at: int, name: str | None = None) -> Found[_Node]:
        """Return what `rule` finds at a token, and find it once only.

        Args:
            rule: a bound method.
            at: the token.
            name: what an error calls the whole rule, in place of the parts it might begin with.
        """
        key = (rule.__name__, at)
        if key in self._kept:
            found: Found[_Node] = self._kept[key]
            return found
        if self._depth == _DEEPEST:
            raise OttlNotDoneError(
                "the text is nested too deep here", self.tokens[at].span.start, feature=f"{_DEEPEST} levels"
            )
        self._depth += 1
        if name is not None:
            self._names.setdefault(at, name)
        self._kept[key] = found = rule(at)
        self._depth -= 1
        return found

    def error(self) -> OttlSyntaxError:
        """Return what stopped the text from being parsed."""
        token = self.tokens[self._furthest]
        wanted = self._wanted or ["the end"]
        got = "the text ends" if token.kind is Kind.END else f"there is {self._near(token)}"
        expected = wanted[0] if len(wanted) == 1 else f"{', '.join(wanted[:-1])} or {wanted[-1]}"
        return OttlSyntaxError(
            f"expected {expected}, but {got}",
            token.span.start,
            user_action=_HINTS.get(token.word.lower()) or f"Write {expected} at the place named.",
            expected=wanted,
        )

    def _near(self, token: Token) -> str:
        word = self.text[token.span.start : token.span.stop]
        return word if len(word) <= _NEAR else f"{word[:_NEAR]}..."
