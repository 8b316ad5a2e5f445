r"""Regular expressions: IsMatch and ExtractPatterns, and what the replace editors do with a pattern.

google-re2 is what Go's regexp was ported to. Three differences are bridged here: Go lets `.` match a byte that is no
UTF-8, refuses `\C` and names of groups beyond ASCII, and (since 1.25) knows longer names of Unicode's categories.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import re2

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.arguments import string_like, string_of
from phoenix.engine.functions.golang.text import joined, runes
from phoenix.engine.functions.text.template import expand
from phoenix.engine.values.value import Map, Value

# Go bounds the size of a program by 128 MB, RE2 by what it is told.
_MAX_MEMORY: Final = 256 << 20
# Keys of maps are few and come again with every map; values may be any number.
_MOST_MATCHED: Final = 1024
_NAMED: Final = re.compile(r"\(\?P?<\w+>", re.ASCII)
_TOKENS: Final = re.compile(r"\\Q.*?(?:\\E|\Z)|\\.", re.DOTALL)


class Pattern:
    """A compiled pattern. Positions are characters of the text as runes: one for each byte that is no UTF-8.

    Args:
        text: the pattern, as written in a statement.

    Raises:
        OttlRuntimeError: it is none (regexp.Compile).
        NotColumnarError: it may be one for Go, and is none for RE2; or two groups have one name.
    """

    def __init__(self, text: str) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MAX_MEMORY
        # A class name that only Go knows, or one that neither does.
        escapes = {token[:2] for token in _TOKENS.findall(text)}
        try:
            self._compiled = re2.compile(text, options)
        except (re2.error, UnicodeEncodeError) as error:
            if "invalid character class range" in str(error) and {"\\p", "\\P"} & escapes:
                raise NotColumnarError(f'the regular expression "{text}"') from error
            said = error.args[0]
            reason = said.decode(errors="replace") if isinstance(said, bytes) else str(error)
            raise OttlRuntimeError(f'error parsing regexp "{text}": {reason}') from error
        names = {number: name for name, number in self._compiled.groupindex.items()}
        if "\\C" in escapes or not all(map(str.isascii, names.values())):
            raise OttlRuntimeError(f'error parsing regexp "{text}": something that only RE2 knows')
        if len(_NAMED.findall(_TOKENS.sub("", text))) > len(names):
            raise NotColumnarError(f'the regular expression "{text}", where groups share a name')
        self.names: Final[Mapping[int, str]] = dict(sorted(names.items()))
        self._matched: dict[str, bool] = {}

    def matches(self, text: str) -> bool:
        """Return whether the pattern is found anywhere (MatchString)."""
        found = self._matched.get(text)
        if found is None:
            found = self._compiled.search(runes(text)) is not None
            if len(self._matched) < _MOST_MATCHED:
                self._matched[text] = found
        return found

    def named_groups(self, text: str) -> dict[str, str] | None:
        """Return what each named group found first, "" where it took no part; None when nothing is found."""
        found = self._compiled.search(runes(text))
        if found is None:
            return None
        return {name: self._group(found, text, number) for number, name in self.names.items()}

    def first_filled(self, text: str, templates: Sequence[str]) -> list[str] | None:
        """Return templates filled with what the first match found (ExpandString); None when nothing is found."""
        found = self._compiled.search(runes(text))
        return None if found is None else [self._filled(found, text, template) for template in templates]

    def replace_all(self, text: str, template: str) -> str:
        """Return a text with each match replaced by a template (ReplaceAllString)."""
        return joined(self._replaced(text, template))

    def replace_each(self, text: str, template: str, function: Callable[[str], str]) -> str:
        """Return a text with each match replaced by what `function` makes of the filled template.

        As applyOptReplaceFunction of func_replace_pattern.go does; an empty match behind a match is none to it.
        """
        pieces, end = [], 0
        for found in self._all(text):
            pieces += [text[end : found.start()], function(joined(iter([self._filled(found, text, template)])))]
            end = found.end()
        return joined(iter([*pieces, text[end:]]))

    def _replaced(self, text: str, template: str) -> Iterator[str]:
        seen, end, at = runes(text), 0, 0
        while at <= len(seen) and (found := self._compiled.search(seen, at)) is not None:
            yield text[end : found.start()]
            # No empty match right behind a match, but one at the very beginning.
            if found.end() > end or found.start() == 0:
                yield self._filled(found, text, template)
            end = found.end()
            at = max(at + 1, end)
        yield text[end:]

    def _all(self, text: str) -> Iterator[Any]:
        seen, at, end = runes(text), 0, -1
        while at <= len(seen) and (found := self._compiled.search(seen, at)) is not None:
            empty_behind = found.end() == at and found.start() == end
            at = at + 1 if found.end() == at else found.end()
            end = found.end()
            if not empty_behind:
                yield found

    def _filled(self, found: Any, text: str, template: str) -> str:
        return expand(template, lambda number: self._group(found, text, number), self._numbers)

    @property
    def _numbers(self) -> Mapping[str, int]:
        numbers: Mapping[str, int] = self._compiled.groupindex
        return numbers

    def _group(self, found: Any, text: str, number: int) -> str:
        if number > self._compiled.groups:
            return ""
        start, stop = found.span(number)
        return text[start:stop] if start >= 0 else ""


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> Pattern:
    """Return a compiled pattern; the errors are `Pattern`'s."""
    return Pattern(text)


def is_match(target: Value, pattern: Value) -> bool:
    """Return whether anything, as text, holds a match; nil does not.

    Raises:
        OttlRuntimeError: the pattern is none.
    """
    compiled = compile_pattern(string_of(pattern))
    text = string_like(target)
    return text is not None and compiled.matches(text)


def extract_patterns(target: Value, pattern: Value) -> Map:
    """Return what the named groups found, by their names; an empty map when nothing is found.

    Raises:
        OttlRuntimeError: the pattern is none, or has no named group.
    """
    compiled = compile_pattern(string_of(pattern))
    if not compiled.names:
        raise OttlRuntimeError("at least 1 named capture group must be supplied in the given regex")
    return Map.of((compiled.named_groups(string_of(target)) or {}).items())


CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {"IsMatch": is_match, "ExtractPatterns": extract_patterns}
