"""From a character of a scalar's value back to the character of the file it came from.

An OTTL error names a column of a statement; people want the column of their file, whether the statement is plain,
quoted, literal (`|`) or folded (`>`).
"""

import re
from collections.abc import Sequence
from typing import Final

from phoenix.collector.config.nodes import ScalarNode
from phoenix.collector.config.place import Place

_FOLD: Final = re.compile(r"[ \t]*(?P<breaks>(?:(?:\r\n|\r|\n)[ \t]*)+)")
_BREAK: Final = re.compile(r"\r\n|\r|\n")
_ESCAPE: Final = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|(?:\r\n|\r|\n)[ \t]*|.)", re.DOTALL)


def source_indexes(source: str, node: ScalarNode) -> list[int]:
    """Return, for each character of the node's text, the index in `source` it came from, and one more for its end.

    Where there is a closing quote, that is the end.
    """
    start, end = node.span
    if node.style in ("|", ">"):
        indexes = _block_indexes(source, start, end, node.text)
    elif node.style == '"':
        indexes = _double_quoted_indexes(source, source.index('"', start), end)
        end -= 1
    elif node.style == "'":
        end -= 1
        indexes = _flow_indexes(source, source.index("'", start) + 1, end, quote="'")
    else:
        indexes = _flow_indexes(source, start, end, quote="")
    return [*indexes[: len(node.text)], end]


def place_of(name: str, source: str, indexes: Sequence[int], offset: int) -> Place:
    """Return the line and column of the character at `offset`; of the end when it lies beyond."""
    index = indexes[min(max(offset, 0), len(indexes) - 1)]
    breaks = [found.end() for found in _BREAK.finditer(source, 0, index)]
    return Place(name, len(breaks) + 1, index - (breaks[-1] if breaks else 0) + 1)


def _folded(found: re.Match[str]) -> int:
    """Return how many characters a run of line breaks becomes: a blank for one, one less for more."""
    return max(1, len(_BREAK.findall(found["breaks"])) - 1)


def _flow_indexes(source: str, index: int, end: int, quote: str) -> list[int]:
    indexes = []
    while index < end:
        if found := _FOLD.match(source, index, end):
            indexes += [index] * _folded(found)
            index = found.end()
            continue
        indexes.append(index)
        index += 2 if quote and source.startswith(quote * 2, index) else 1
    return indexes


def _double_quoted_indexes(source: str, index: int, end: int) -> list[int]:
    indexes = []
    index += 1
    while index < end - 1:
        if found := _FOLD.match(source, index, end):
            indexes += [index] * _folded(found)
        elif found := _ESCAPE.match(source, index, end):
            if source[index + 1] not in "\r\n":
                indexes.append(index)
        else:
            indexes.append(index)
        index = found.end() if found else index + 1
    return indexes


def _block_indexes(source: str, start: int, end: int, text: str) -> list[int]:
    """Return the indexes for a literal or folded block: content lines are found again one after the other."""
    header = _BREAK.search(source, start, end)
    indexes: list[int] = []
    index = header.end() if header else end
    position = 0
    for line in filter(None, re.split(r"\n+", text)):
        while position < len(text) and text[position] == "\n":
            indexes.append(index)
            position += 1
        for character in line:
            index = _next_index(source, index, end, character)
            indexes.append(index)
            index += 1
            position += 1
    return indexes + [min(index, end)] * (len(text) - position)


def _next_index(source: str, index: int, end: int, character: str) -> int:
    """Return the index at or after `index` that holds `character`; a fold's blank stands for a line break."""
    if index < end and source[index] == character:
        return index
    if character == " " and index < end and source[index] in "\r\n":
        return index
    while index < end and source[index] != character:
        index += 1
    return index
