"""Text to tokens, by the rules and in the order of buildLexer in grammar.go of pkg/ottl 0.160.

The collector's lexer cuts a rule's text off before it looks for the next token, so a word border at the front of a rule
is always there and is not written here.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from phoenix.ottl.errors import OttlSyntaxError
from phoenix.ottl.grammar.unquoting import BadEscapeError, unquote
from phoenix.ottl.syntax import Span


class Kind(Enum):
    """What a token is."""

    BYTES = auto()
    FLOAT = auto()
    INT = auto()
    STRING = auto()
    NIL = auto()
    NOT = auto()
    OR = auto()
    AND = auto()
    COMPARISON = auto()
    ARROW = auto()
    ADD_SUB = auto()
    MULT_DIV = auto()
    BOOLEAN = auto()
    EQUAL = auto()
    MARK = auto()
    UPPERCASE = auto()
    LOWERCASE = auto()
    SPACE = auto()
    UNDERSCORE = auto()
    END = auto()


_RULES: Final = (
    (Kind.BYTES, r"0x[a-fA-F0-9]+"),
    (Kind.FLOAT, r"(?:\d+\.\d*|\d*\.\d+)(?:[eE][-+]?\d+)?"),
    (Kind.INT, r"\d+"),
    (Kind.STRING, r'"(?:\\.|[^\\"])*"'),
    (Kind.NIL, r"nil\b"),
    (Kind.NOT, r"not\b"),
    (Kind.OR, r"or\b"),
    (Kind.AND, r"and\b"),
    (Kind.COMPARISON, r"==|!=|>=|<=|>|<"),
    (Kind.ARROW, r"=>"),
    (Kind.ADD_SUB, r"\+|-"),
    (Kind.MULT_DIV, r"/|\*"),
    (Kind.BOOLEAN, r"(?:true|false)\b"),
    (Kind.EQUAL, r"="),
    (Kind.MARK, r"[(){}:,.\[\]]"),
    (Kind.UPPERCASE, r"[A-Z][A-Z0-9_]*"),
    (Kind.LOWERCASE, r"[a-z][a-z0-9_]*"),
    (Kind.SPACE, r"[\t\n\f\r ]+"),
    (Kind.UNDERSCORE, r"_\b"),
)
_PATTERN: Final = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _RULES), re.ASCII)
_LAST_INT: Final = 2**63 - 1
_REMOVE: Final = "Remove the character; names have letters from a to z, digits and _."
_INSTEAD: Final = {
    "&": "Write and.",
    "|": "Write or.",
    "!": "Write not.",
    ";": "Write each statement as an item of its own.",
    "#": "Put comments outside of the statement.",
    "~": "Write IsMatch(.., ..) to match a regular expression.",
    "%": "There is no remainder; write it with other operations.",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    Attributes:
        kind: what it is.
        word: what the grammar's marks and words are compared with: the text, of a string what it holds.
        value: of a number or bytes what it stands for, else the word.
        span: where it is.
    """

    kind: Kind
    word: str
    value: str | int | float | bytes
    span: Span


def tokens(text: str) -> list[Token]:
    """Return the tokens of `text` without spaces; the last is an END of no length.

    Raises:
        OttlSyntaxError: some characters are no token, a string has a wrong escape, a number is out of range.
    """
    found = []
    at = 0
    while at < len(text):
        match = _PATTERN.match(text, at)
        if match is None:
            raise _stray(text, at)
        kind = Kind[str(match.lastgroup)]
        if kind is not Kind.SPACE:
            found.append(_token(kind, match.group(), Span(at, match.end())))
        at = match.end()
    found.append(Token(Kind.END, "", "", Span(len(text), len(text))))
    return found


def _token(kind: Kind, text: str, span: Span) -> Token:
    value: str | int | float | bytes = text
    if kind is Kind.STRING:
        try:
            text = value = unquote(text)
        except BadEscapeError as error:
            raise OttlSyntaxError(
                f"{text[error.at : error.at + 2]} is no escape of a string",
                span.start + error.at,
                user_action=r"Write \\ for a backslash, \" for a quote; \n, \t, \xNN, \uNNNN and \NNN are known too.",
            ) from None
    elif kind is Kind.INT:
        value = _integer(text, span)
    elif kind is Kind.FLOAT:
        value = _double(text, span)
    elif kind is Kind.BYTES:
        if len(text) % 2:
            raise OttlSyntaxError(
                f"{text} has an odd number of hexadecimal digits",
                span.start,
                user_action="Write bytes with two digits each, such as 0x0a1b.",
            )
        value = bytes.fromhex(text[2:])
    return Token(kind, text, value, span)


def _integer(text: str, span: Span) -> int:
    # Go parses with base 0: a leading zero means octal.
    try:
        value = int(text, 8 if len(text) > 1 and text[0] == "0" else 10)
    except ValueError:
        raise OttlSyntaxError(
            f"{text} begins with 0, which makes it octal, and has a digit above 7",
            span.start,
            user_action="Leave the leading zero out.",
        ) from None
    if value > _LAST_INT:
        raise OttlSyntaxError(
            f"{text} does not fit an int64",
            span.start,
            user_action=f"Write an integer of at most {_LAST_INT}, or a double with a decimal point.",
        )
    return value


def _double(text: str, span: Span) -> float:
    value = float(text)
    if value == float("inf"):
        raise OttlSyntaxError(f"{text} does not fit a double", span.start, user_action="Write a smaller number.")
    return value


def _stray(text: str, at: int) -> OttlSyntaxError:
    if text[at] == '"':
        return OttlSyntaxError(
            "a string begins here and is not closed",
            at,
            user_action='Close it with "; inside it write \\" for a quote and \\\\ for a backslash.',
        )
    if text[at] in "'`\u201c\u201d\u2018\u2019":
        return OttlSyntaxError(f"{text[at]} is no quote of OTTL", at, user_action='Put strings in straight ".')
    return OttlSyntaxError(f"{text[at]!r} is nothing that OTTL knows", at, user_action=_INSTEAD.get(text[at], _REMOVE))
