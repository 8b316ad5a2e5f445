"""What a config asks the collector's providers for: `${env:NAME}`, `${NAME}`, `${file:...}`, `${http:...}`.

The rules are those of confmap's expand.go: the innermost `${...}` first, no scheme means env, `$$` is an escaped `$`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from phoenix.collector.config.document import ConfigDocument, ConfigPath

_INNERMOST: Final = re.compile(r"(?P<dollars>\$+)\{(?P<uri>[^}$]*)\}")
_URI: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):(?P<opaque>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Expansion:
    """One `${...}` in a value.

    Attributes:
        scheme: the provider, `env` when none is written.
        opaque: what it is asked for; for env the name, with any default.
        path: the value it stands in.
        whole: whether it is all of the value.
        offset: where in the value it begins.
    """

    scheme: str
    opaque: str
    path: ConfigPath
    whole: bool
    offset: int

    @property
    def name(self) -> str:
        """The environment variable's name, without a default."""
        return self.opaque.partition(":-")[0]

    @property
    def default(self) -> str | None:
        """The default of an environment variable, or None when it has none."""
        _, given, default = self.opaque.partition(":-")
        return default if given else None


def expansions_in(text: str, path: ConfigPath = ()) -> Iterator[Expansion]:
    """Yield what the providers are asked for in one value.

    >>> [found.name for found in expansions_in("http://${HOST}:${env:PORT:-4318}/$${ESCAPED}")]
    ['HOST', 'PORT']
    """
    for found in _INNERMOST.finditer(text):
        if len(found["dollars"]) % 2 == 0:
            continue
        uri = _URI.fullmatch(found["uri"])
        scheme, opaque = (uri["scheme"], uri["opaque"]) if uri else ("env", found["uri"])
        offset = found.end("dollars") - 1
        whole = found[0] == text and found["dollars"] == "$"
        yield Expansion(scheme, opaque, path, whole, offset)


def expansions(document: ConfigDocument) -> Iterator[Expansion]:
    """Yield what the providers are asked for in the whole config, in the order of the text."""
    for path, scalar in document.scalars():
        if isinstance(scalar.value, str):
            yield from expansions_in(scalar.value, path)
