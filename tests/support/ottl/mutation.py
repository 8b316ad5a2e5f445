"""Texts made wrong the way people make them wrong: a token too much, too few, another, or a letter lost."""

import re
from random import Random

_TOKEN = re.compile(r'"(?:\\.|[^\\"])*"|0x[0-9a-f]+|\d+\.\d+|\w+|\s+|==|!=|>=|<=|=>|.', re.DOTALL)
_OTHERS = (
    *("(", ")", "[", "]", "{", "}", ",", ".", ":", "=", "==", "!=", "<", ">=", "+", "-", "*", "/", "=>"),
    *("not", "and", "or", "nil", "true", "false", "where", '"a"', '"("', '","', '"["', "1", "2.5", "0x0a", "0x1"),
    *("-1", "007", "08", "99999999999999999999", "resource", "scope", "metric", "datapoint", "exemplar", "otelcol"),
    *("instrumentation_scope", "attributes", "cache", "name", "value_double", "x", "_", "METRIC_DATA_TYPE_SUM"),
    *("FLAG_NONE", "SHA256", "Hex", "Len", "Concat", "set", "delete_key", "IsString", "Now", "positive", "offset"),
    *("k", "'", '"', "#", ";", "é", "\n", "A", "b"),
)


def mutated(text: str, random: Random) -> str:
    """Return `text` with one to three mistakes."""
    tokens = _TOKEN.findall(text)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        if tokens:
            _mistake(tokens, random)
    return "".join(tokens)


def _mistake(tokens: list[str], random: Random) -> None:
    at, kind = random.randrange(len(tokens)), random.random()
    if kind < 0.25:
        del tokens[at]
    elif kind < 0.45:
        tokens.insert(at, random.choice(_OTHERS))
    elif kind < 0.75:
        tokens[at] = random.choice(_OTHERS)
    elif kind < 0.85:
        other = random.randrange(len(tokens))
        tokens[at], tokens[other] = tokens[other], tokens[at]
    elif kind < 0.92:
        tokens.insert(at, tokens[at])
    elif tokens[at]:
        lost = random.randrange(len(tokens[at]))
        tokens[at] = tokens[at][:lost] + tokens[at][lost + 1 :]
