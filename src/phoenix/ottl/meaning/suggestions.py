"""What somebody who wrote a wrong name probably meant."""

import difflib
from collections.abc import Iterable

_ENOUGH = 0.6


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a remedy that names the nearest of `known`, or lists them if they are few."""
    names = sorted(set(known))
    lower = {name.lower(): name for name in reversed(names)}
    near = [lower[name] for name in difflib.get_close_matches(word.lower(), lower, n=3, cutoff=_ENOUGH)]
    if near:
        return f"Did you mean {_either(near)}?"
    if len(names) <= 25:
        return f"Known here: {', '.join(names)}."
    return f"{len(names)} names are known here; none is like {word}."


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
