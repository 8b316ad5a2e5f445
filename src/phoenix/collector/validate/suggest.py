"""The nearest known word to a mistyped one, and lists short enough to read."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "x"?`, or nothing when no known word is near.

    >>> did_you_mean("procesors", ["receivers", "processors"])
    '; did you mean "processors"?'
    """
    names = list(known)
    folded = {name.replace("_", "").lower(): name for name in names}
    exact = folded.get(word.replace("_", "").replace("-", "").lower())
    near = [exact] if exact else get_close_matches(word, names, n=1, cutoff=0.7)
    return f'; did you mean "{near[0]}"?' if near else ""


def shortened(names: Iterable[str], limit: int = 12) -> str:
    """Return names sorted and joined; the rest counted when there are more than `limit`."""
    known = sorted(names)
    more = f" and {len(known) - limit} more" if len(known) > limit else ""
    return ", ".join(known[:limit]) + more
