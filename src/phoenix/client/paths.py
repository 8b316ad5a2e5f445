"""Parts of paths that a user gives."""

from urllib.parse import quote


def segment(text: str) -> str:
    """Return `text` as one step of a path, whatever is in it.

    >>> segment("a/b c")
    'a%2Fb%20c'
    """
    return quote(text, safe="")
