"""Conditions and literals of the collector's OTTL, as text, for the templates.

A rendered condition must agree with `ProcessPattern.matches`, since the fold map and the loss check read the latter:
both match the whole attribute with RE2, and neither matches an attribute that is not a string.
"""

import json
import re
from collections.abc import Sequence

import re2

from phoenix.telemetry.processes import EXECUTABLE_NAME, ProcessPattern

IS_PROCESS = f'resource.attributes["{EXECUTABLE_NAME}"] != nil'

# Attributes that the process scraper always writes as strings; others are asked for their type first.
_STRINGS = frozenset(
    {EXECUTABLE_NAME, "process.executable.path", "process.command", "process.command_line", "process.owner"}
)


def quote(text: str) -> str:
    r"""Return an OTTL string literal; its escapes are Go's, of which JSON's are a part.

    >>> print(quote('a"b\\c'))
    "a\"b\\c"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def attribute(name: str) -> str:
    """Return the path of a resource attribute."""
    return f"resource.attributes[{quote(name)}]"


def any_of(patterns: Sequence[ProcessPattern]) -> str:
    """Return a condition that is true of a resource when any pattern matches it; `false` for no pattern.

    Patterns of one attribute become one expression, so each resource is asked once an attribute.

    >>> any_of([ProcessPattern.parse("nginx"), ProcessPattern.parse("redis-server")])
    'IsMatch(resource.attributes["process.executable.name"], "^(?:nginx|redis-server)$")'
    """
    by_attribute: dict[str, list[str]] = {}
    for pattern in patterns:
        by_attribute.setdefault(pattern.attribute, []).append(_readable(pattern))
    conditions = [_match(name, expressions) for name, expressions in by_attribute.items()]
    return " or ".join(conditions) if conditions else "false"


def both(*conditions: str) -> str:
    """Return the conjunction; a condition with `or` in it gets brackets, which a negated one has."""
    return " and ".join(f"({one})" if " or " in one and not one.startswith("not (") else one for one in conditions)


def negated(condition: str) -> str:
    """Return the opposite of a condition."""
    return f"not ({condition})"


def _match(name: str, expressions: list[str]) -> str:
    whole = f"IsMatch({attribute(name)}, {quote(_for_config('^(?:' + '|'.join(expressions) + ')$'))})"
    return whole if name in _STRINGS else f"(IsString({attribute(name)}) and {whole})"


def _readable(pattern: ProcessPattern) -> str:
    """The expression; of a plain name without the escapes that RE2 does not need, each alternative in a group else."""
    if pattern.expression == re2.escape(pattern.text):
        return pattern.text.replace(".", "[.]").replace("+", "[+]")
    return f"(?:{pattern.expression})" if re.search(r"[|?]", pattern.expression) else pattern.expression


def _for_config(expression: str) -> str:
    """Keep the collector from reading `${...}` and `$$` in an expression as its own substitution."""
    return expression.replace("$", "$$") if "$$" in expression or "${" in expression else expression
