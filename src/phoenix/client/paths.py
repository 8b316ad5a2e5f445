"""Parts of paths that a user gives."""

from urllib.parse import quote

from phoenix.client.errors import ApiNameError


def segment(text: str) -> str:
    """Return `text` as one step of a path.

    >>> segment("a b?c")
    'a%20b%3Fc'

    Raises:
        ApiNameError: it cannot be one step: servers take an encoded slash for a step, and `..` for one back.
    """
    if not text.strip(".") or "/" in text:
        raise ApiNameError(f"nothing can be named {text!r}")
    return quote(text, safe="")
