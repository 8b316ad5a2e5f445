"""Go's regular expressions where a config gives one, with the groups that processors ask for by number."""

from collections.abc import Sequence

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.golang.text import runes
from phoenix.engine.functions.text import patterns
from phoenix.engine.functions.text.template import expand
from phoenix.engine.processors.settings import Settings


class Pattern(patterns.Pattern):
    """A compiled pattern; the errors are those of `engine.functions.text.patterns.Pattern`."""

    @property
    def group_names(self) -> Sequence[str]:
        """The names of the groups, "" for none, beginning with the whole match (SubexpNames)."""
        return [self.names.get(number, "") for number in range(self._compiled.groups + 1)]

    def groups(self, text: str) -> Sequence[str | None] | None:
        """Return the first match and its groups, None for those that took no part; None when nothing is found."""
        found = self._compiled.search(runes(text))
        if found is None:
            return None
        spans = [found.span(number) for number in range(self._compiled.groups + 1)]
        return [text[start:stop] if start >= 0 else None for start, stop in spans]

    def filled(self, text: str, template: str) -> str:
        """Return a template filled with what the first match found; "" when nothing is found."""
        groups = self.groups(text)
        if groups is None:
            return ""
        numbers = {name: number for number, name in self.names.items()}
        return expand(template, lambda number: (groups[number] or "") if number < len(groups) else "", numbers)


def read_pattern(settings: Settings, text: str, *path: str | int) -> Pattern:
    """Return the pattern that stands at a place of the config.

    Raises:
        ConfigRefusedError: it is none.
        UnsupportedComponentError: it may be one for Go, and is none for RE2.
    """
    try:
        return Pattern(text)
    except OttlRuntimeError as error:
        raise settings.refused(str(error), *path) from error
    except NotColumnarError as error:
        raise settings.unsupported(error.what, *path) from error
