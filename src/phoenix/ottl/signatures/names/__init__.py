"""Names that Go libraries of the collector 0.160 know, one a line, for arguments that must be one of them.

encodings: golang.org/x/text/encoding/ianaindex and the overrides in coreinternal/textutils, in lower case, without the
empty name. locales: github.com/elastic/lunes 0.2.2. grok_patterns: github.com/elastic/go-grok 0.3.1, NewComplete,
without one that never compiles; grok_patterns_with_names are those that capture by a name of their own.
"""

from functools import cache
from importlib.resources import files


@cache
def known(kind: str) -> frozenset[str]:
    """Return the names of one kind: `encodings`, `locales`, `grok_patterns` or `grok_patterns_with_names`."""
    return frozenset(files(__package__).joinpath(f"{kind}.txt").read_text(encoding="ascii").split())
