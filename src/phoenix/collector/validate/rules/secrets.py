"""No secret stands in the text: it is versioned, diffed and shown."""

import re
from collections.abc import Iterator
from typing import Final

from phoenix.collector.config.document import ConfigPath
from phoenix.collector.config.expansion import expansions_in
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Code, Finding, Severity

IN_CLEAR: Final = Code(
    "SECRET_IN_CLEAR",
    Severity.ERROR,
    "A key, token or password stands in the text, which is stored, versioned and shown to everyone who may read it.",
    "Write ${env:NAME} and give the collector the value in its environment.",
    "keys that name secrets, headers that carry them, URLs with a password",
)
CODES: Final = (IN_CLEAR,)
_SECRET_KEY: Final = re.compile(
    r"(?:^|[._-])(?:password|passwd|passphrase|secret|token|api[._-]?key|access[._-]?key|license[._-]?key|private[._-]?key"
    r"|client[._-]?secret|auth[._-]?token|bearer[._-]?token|credentials|key_pem|authorization|proxy-authorization"
    r"|x-api-key|dd-api-key|x-honeycomb-team|lightstep-access-token|x-insert-key)$",
    re.IGNORECASE,
)
_NOT_SECRET_KEY: Final = re.compile(r"(?:_file|_path|file|token_url|password_file)$", re.IGNORECASE)
_URL_PASSWORD: Final = re.compile(r"^[a-z][a-z0-9+.-]*://[^/@:\s]*:(?P<password>[^/@\s]+)@", re.IGNORECASE)
_PRIVATE_KEY: Final = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_SCHEME: Final = re.compile(r"^(?:Basic|Bearer|Api-Key|Token)\s+", re.IGNORECASE)


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the values that are secrets in clear text; the message never repeats them."""
    for path, scalar in context.view.document.scalars():
        # A key of digits only is a number to YAML.
        if scalar.value is None or isinstance(scalar.value, bool):
            continue
        what = _secret(path, scalar.text)
        if what:
            yield IN_CLEAR.at(context.place(path), f"{what} in clear text")


def _secret(path: ConfigPath, value: str) -> str | None:
    """Return what kind of secret a value is, or None."""
    if _PRIVATE_KEY.search(value):
        return "a private key"
    url = _URL_PASSWORD.match(value)
    if url and not any(True for _ in expansions_in(url["password"])):
        return "a password in a URL"
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    if not _SECRET_KEY.search(key) or _NOT_SECRET_KEY.search(key):
        return None
    bare = _SCHEME.sub("", value.strip())
    if not bare or any(True for _ in expansions_in(bare)):
        return None
    return f"the value of {key}"
