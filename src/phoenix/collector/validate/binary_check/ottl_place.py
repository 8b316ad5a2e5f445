"""Where in the file an OTTL error of the binary is: its statement, then the column inside it.

The binary names a statement by its text (sometimes with the context put in front of its paths, sometimes not at all),
and a position by line and column of the statement.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

from phoenix.collector.config.document import ConfigDocument, ConfigPath
from phoenix.collector.config.place import Place

# What the binary says of one statement, and of the position in it.
STATEMENT: Final = re.compile(r'unable to parse OTTL (?P<what>statement|condition) (?P<text>"(?:[^"\\]|\\.)*"): ')
INFERRED: Final = re.compile(
    r"unable to infer a valid context \(\[.*?\]\) from statements \[(?P<statements>.*?)\]"
    r" and conditions \[(?P<conditions>.*?)\]: (?P<detail>.*)",
    re.DOTALL,
)
SYNTAX: Final = re.compile(
    r"(?P<what>statement|condition) has invalid syntax at (?P<line>\d+):(?P<column>\d+)(?: near `(?P<near>.*?)`)?:"
    r"(?: \((?P<expected>.*)\))?",
    re.DOTALL,
)
_NEEDLES: Final = (
    re.compile(r'segment "(?P<word>[^"]+)" from path'),
    re.compile(r'undefined function "(?P<word>[^"]+)"'),
    re.compile(r"the regex pattern supplied to \w+ '\"?(?P<word>.*?)\"?' is not a valid pattern"),
    re.compile(r'missing context name for path "(?P<word>[^"\[]+)'),
    re.compile(r'arguments for call to "(?P<word>[^"]+)"'),
)
_GO_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_OPTIONS: Final = re.compile(r'(options are: )("[^"]+"(?:, "[^"]+")*)')
_CONTEXT: Final = re.compile(
    r"\b(?:otelcol|resource|scope|instrumentation_scope|metric|datapoint|spanevent|span|log)\."
)


def place_of(document: ConfigDocument, component: ConfigPath, message: str) -> tuple[ConfigPath, Place] | None:
    """Return the statement an OTTL error below a component is about and the place in it; None for other errors.

    The place is as exact as the message allows, at the least the statement's beginning.
    """
    named = _statements_named(message)
    syntax = SYNTAX.search(message)
    if not named and not syntax:
        return None
    strings = list(_strings(document, component))
    candidates = [pair for pair in strings if any(_same(pair[1], wanted) for wanted in named)] if named else strings
    for path, text in candidates:
        offset = _offset(text, syntax) if syntax else _needle(text, message)
        if offset is not None:
            return path, document.locate_within(path, offset)
    return (candidates[0][0], document.locate_value(candidates[0][0])) if named and candidates else None


def _statements_named(message: str) -> list[str]:
    if named := STATEMENT.search(message):
        return [str(ast.literal_eval(named["text"]))]
    inferred = INFERRED.search(message)
    lists = (inferred["statements"], inferred["conditions"]) if inferred else ()
    return [str(ast.literal_eval(text)) for given in lists for text in _GO_STRING.findall(given)]


def _strings(document: ConfigDocument, component: ConfigPath) -> Iterator[tuple[ConfigPath, str]]:
    for path, scalar in document.scalars():
        if path[: len(component)] == component and isinstance(scalar.value, str):
            yield path, scalar.value


def _same(ours: str, theirs: str) -> bool:
    """Return whether two statements are one, apart from contexts that the binary puts in front of paths."""
    return ours == theirs or _CONTEXT.sub("", ours).strip() == _CONTEXT.sub("", theirs).strip()


def _offset(text: str, syntax: re.Match[str]) -> int | None:
    """Return the offset of a line and column when what the binary saw there is what `text` has there."""
    lines = text.split("\n")
    line, column = int(syntax["line"]), int(syntax["column"])
    if line > len(lines) or column - 1 > len(lines[line - 1]):
        return None
    offset = sum(len(above) + 1 for above in lines[: line - 1]) + column - 1
    near = syntax["near"]
    fits = text[offset:].startswith(near) if near else not text[offset:].strip()
    return offset if fits else None


def _needle(text: str, message: str) -> int | None:
    for needle in _NEEDLES:
        if found := needle.search(message):
            word = re.search(rf"(?<![\w]){re.escape(found['word'])}(?![\w])", text)
            index = word.start() if word else text.find(found["word"])
            if index >= 0:
                return index
    return None


def shortened(message: str) -> str:
    """Return an OTTL error in a sentence: without the statement, which the place shows, and without links."""
    named, syntax = STATEMENT.search(message), SYNTAX.search(message)
    what = (named or syntax or {"what": "statement"})["what"]
    if syntax:
        near = f" near `{_first_line(syntax['near'])}`" if syntax["near"] else " at its end"
        expected = f" (expected {syntax['expected'].removeprefix('expected ')})" if syntax["expected"] else ""
        return f"OTTL {what}: invalid syntax{near}{expected}"
    inferred = INFERRED.search(message)
    detail = message[named.end() :] if named else inferred["detail"] if inferred else message
    detail = re.sub(r" - review https?://\S+ to see all valid paths", "", detail)
    # The collector lists them in another order each time.
    detail = _OPTIONS.sub(lambda found: found[1] + ", ".join(sorted(found[2].split(", "))), detail)
    return f"OTTL {what}: {detail}"


def _first_line(text: str) -> str:
    line = text.split("\n", 1)[0]
    return f"{line[:60]}..." if len(line) > 60 else line
