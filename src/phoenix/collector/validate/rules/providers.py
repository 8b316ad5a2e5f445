"""A config asks only its environment for values, and takes in no other file.

What these find is not shown to the real collector: to check it, the collector would read the files of the machine that
checks, and tell what it cannot understand in them.
"""

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
INCLUDED: Final = Code(
    "CONFIG_INCLUDE_DENIED",
    Severity.ERROR,
    "The config takes in other files of the host. What is in them is neither validated nor versioned.",
    "Write the content into the config: the jobs of scrape_config_files belong under scrape_configs.",
    "scrape_config_files of prometheus receivers",
)
CODES: Final = (DENIED, HIDDEN, INCLUDED)
# The one key of the components built in that makes a collector read a file while it only checks a config.
_INCLUDES: Final = "scrape_config_files"
_OPENING: Final = re.compile(r"(?P<dollars>\$+)\{(?P<rest>[^}]*)")
_PLAIN: Final = re.compile(r"(?:env:)?[A-Za-z_][A-Za-z0-9_]*|env:[A-Za-z_][A-Za-z0-9_]*:-[^\\!$&*{}<]*")
_SCHEME: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):")


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield what is asked of providers other than env, what could turn into such a question, and what is taken in."""
    document = context.view.document
    for path, scalar in document.scalars():
        asked = scalar.value if isinstance(scalar.value, str) and "${" in scalar.value else ""
        # The default of a variable is read as YAML: a mapping may come out of it.
        if _INCLUDES in path or _INCLUDES in asked:
            yield INCLUDED.at(document.locate(path), f"{_INCLUDES} takes in files of the host")
        for found in _OPENING.finditer(asked):
            if len(found["dollars"]) % 2 == 0 or _PLAIN.fullmatch(found["rest"]):
                continue
            place = document.locate_within(path, found.end("dollars") - 1)
            scheme = _SCHEME.match(found["rest"])
            if scheme and scheme["scheme"] != "env":
                yield DENIED.at(place, f"a value comes from the {scheme['scheme']} provider")
            else:
                yield HIDDEN.at(place, "a ${...} whose meaning is not plain")
