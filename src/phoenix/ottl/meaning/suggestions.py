"""What somebody who wrote a wrong name probably meant."""

import difflib
from collections.abc import Iterable

from phoenix.ottl.dialect import Dialect
from phoenix.ottl.errors import OttlMeaningError

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


def no_function(name: str, context: str, dialect: Dialect, offset: int) -> OttlMeaningError:
    """Return the error for a function that a context of the place does not have."""
    places = [other for other, functions in dialect.functions.items() if name in functions]
    known = (one for one in dialect.functions[context] if one[0].islower() == name[0].islower())
    return OttlMeaningError(
        f"{dialect.place} has no function {name} in the {context} context",
        offset,
        user_action=f"{name} exists in the context {' and '.join(places)}: say so with context: or by a path."
        if places
        else did_you_mean(name, known),
    )


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
