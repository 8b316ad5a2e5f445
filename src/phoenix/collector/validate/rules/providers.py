"""A config asks only its environment for values."""

import re
from collections.abc import Iterator
from typing import Final

from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Code, Finding, Severity

DENIED: Final = Code(
    "CONFIG_PROVIDER_DENIED",
    Severity.ERROR,
    "The config asks a provider other than env: it can read any file of the host, or fetch from the network, and what"
    " comes back is neither validated nor versioned.",
    "Write the content into the config, and secrets as ${env:NAME}.",
    "every ${...} in values",
)
HIDDEN: Final = Code(
    "CONFIG_EXPANSION_HIDDEN",
    Severity.ERROR,
    "A ${...} is built from others, or its default holds characters that could become one, so nobody can say beforehand"
    " what it asks for.",
    "Write a plain ${env:NAME}, with a plain default if any.",
    "nested ${...} and defaults of ${env:NAME:-default}",
)
CODES: Final = (DENIED, HIDDEN)
_OPENING: Final = re.compile(r"(?P<dollars>\$+)\{(?P<rest>[^}]*)")
_PLAIN: Final = re.compile(r"(?:env:)?[A-Za-z_][A-Za-z0-9_]*|env:[A-Za-z_][A-Za-z0-9_]*:-[^\\!$&*{}<]*")
_SCHEME: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):")


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield what is asked of providers other than env, and what could turn into such a question."""
    document = context.view.document
    for path, scalar in document.scalars():
        if not isinstance(scalar.value, str) or "${" not in scalar.value:
            continue
        for found in _OPENING.finditer(scalar.value):
            if len(found["dollars"]) % 2 == 0 or _PLAIN.fullmatch(found["rest"]):
                continue
            place = document.locate_within(path, found.end("dollars") - 1)
            scheme = _SCHEME.match(found["rest"])
            if scheme and scheme["scheme"] != "env":
                yield DENIED.at(place, f"a value comes from the {scheme['scheme']} provider")
            else:
                yield HIDDEN.at(place, "a ${...} whose meaning is not plain")
