"""Which telemetry a written path is, in one context (functions.go and contexts/internal/ctxcommon of pkg/ottl)."""

from dataclasses import dataclass
from typing import Final

from phoenix.ottl.contexts.paths import (
    CACHE,
    CACHE_RULE,
    EXEMPLAR,
    OPEN_PREFIXES,
    PATHS,
    PREFIXES,
    SCOPE_ALIAS,
    PathRule,
)
from phoenix.ottl.contexts.prefixes import Prefixes
from phoenix.ottl.errors import OttlMeaningError
from phoenix.ottl.grammar import written as w
from phoenix.ottl.meaning.suggestions import did_you_mean

_NOTHING: Final = frozenset(("null", "none", "undefined"))


@dataclass(frozen=True, slots=True)
class Resolved:
    """A path that exists.

    Attributes:
        owner: the context whose it is, by its plain name; `exemplar` too.
        name: the fields, joined by dots.
        keys: as written.
    """

    owner: str
    name: str
    keys: tuple[w.Key, ...]


def resolve(path: w.Path, context: str, prefixes: Prefixes) -> Resolved:
    """Return what `path` is for a text that is run for `context`.

    Raises:
        OttlMeaningError: there is no such path, or it cannot be indexed.
    """
    owner, fields = _owner(path, context, prefixes)
    if not fields:
        raise OttlMeaningError(
            f"{owner} is a context and no path",
            path.span.start,
            user_action=f"Write one of its paths: {', '.join(sorted(PATHS[owner]))}.",
        )
    if fields[0].name == CACHE:
        if owner != context:
            raise OttlMeaningError(
                f"a statement of the {context} context has its own cache only",
                path.span.start,
                user_action=f"Write {context}.{CACHE} in place of {owner}.{CACHE}.",
            )
        name, rule, used = CACHE, CACHE_RULE, 1
    else:
        name, rule, used = _name(fields, owner, context)
    _check_rest(fields, used, name, rule)
    return Resolved("scope" if owner == SCOPE_ALIAS else owner, name, fields[used - 1].keys)


def _owner(path: w.Path, context: str, prefixes: Prefixes) -> tuple[str, tuple[w.Segment, ...]]:
    if prefixes is Prefixes.OPEN:
        first = path.segments[0]
        if first.name not in OPEN_PREFIXES[context]:
            return context, path.segments
        if first.keys:
            raise OttlMeaningError(f"{first.name} is a context and has no keys", first.keys[0].span.start)
        return first.name, path.segments[1:]
    if path.context in PREFIXES[context]:
        return path.context, path.fields
    if prefixes is Prefixes.ADDED:
        # The collector writes the context in front and reads again.
        return context, path.segments
    raise _without_context(path, context)


def _without_context(path: w.Path, context: str) -> OttlMeaningError:
    known = PREFIXES[context]
    first = path.segments[0].name
    if first in PATHS and path.context:
        return OttlMeaningError(
            f"a statement of the {context} context cannot reach {first}",
            path.span.start,
            user_action=f"Use paths that begin with {', '.join(known)}.",
        )
    owners = [name for name in known if first in PATHS[name] and name != SCOPE_ALIAS]
    if first == CACHE:
        owners = [context]
    whole = ".".join(segment.name for segment in path.segments)
    if whole in _NOTHING:
        remedy = "Write nil for nothing."
    elif owners:
        remedy = f"Write {' or '.join(f'{name}.{whole}' for name in owners)}."
    elif path.context:
        remedy = did_you_mean(path.context, known)
    else:
        remedy = f"Begin the path with one of {', '.join(known)}."
    return OttlMeaningError(f"the path {whole} does not say whose it is", path.span.start, user_action=remedy)


def _name(fields: tuple[w.Segment, ...], owner: str, context: str) -> tuple[str, PathRule, int]:
    table = PATHS[owner]
    for used in (3, 2, 1):
        name = ".".join(field.name for field in fields[:used])
        if used <= len(fields) and name in table and not any(field.keys for field in fields[: used - 1]):
            return name, table[name], used
    # The first field that no path continues with is the one that is wrong.
    for used in range(1, len(fields) + 1):
        name = ".".join(field.name for field in fields[:used])
        if name not in table and not any(known.startswith(f"{name}.") for known in table):
            break
        if fields[used - 1].keys:
            raise OttlMeaningError(f"{owner}.{name} cannot be indexed", fields[used - 1].keys[0].span.start)
    wrong = fields[used - 1]
    front = ".".join(field.name for field in fields[: used - 1])
    known = [name[len(front) + 1 if front else 0 :] for name in table if name.startswith(f"{front}." if front else "")]
    raise OttlMeaningError(
        f"{owner} has no path {name}",
        wrong.span.start,
        user_action=_elsewhere(name, owner, context) or did_you_mean(wrong.name, known),
    )


def _elsewhere(name: str, owner: str, context: str) -> str | None:
    others = [other for other in PREFIXES if other not in (owner, EXEMPLAR) and name in PATHS[other]]
    reached = [f"{other}.{name}" for other in others if other in PREFIXES[context]]
    beyond = [f"{other}.{name} in the {other} context" for other in others if other not in PREFIXES[context]]
    return f"Did you mean {' or '.join(reached + beyond)}?" if others else None


def _check_rest(fields: tuple[w.Segment, ...], used: int, name: str, rule: PathRule) -> None:
    last = fields[used - 1]
    if last.keys and not rule.indexed:
        raise OttlMeaningError(f"{name} cannot be indexed", last.keys[0].span.start, user_action="Leave the keys out.")
    if used < len(fields):
        extra = fields[used]
        remedy = f'Write {name}["{extra.name}"].' if rule.indexed else f"Leave .{extra.name} out."
        raise OttlMeaningError(f"{name} has nothing named {extra.name}", extra.span.start, user_action=remedy)


def is_done(owner: str) -> bool:
    """Whether Phoenix has the telemetry of this context; of otelcol it has what a replay has, which is nothing."""
    return owner != EXEMPLAR
