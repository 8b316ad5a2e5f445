"""Which metrics the include and exclude of the attributes processor choose (internal/filter of 0.160)."""

from collections.abc import Callable
from typing import Final

from phoenix.engine.processors.attraction.patterns import read_pattern
from phoenix.engine.processors.settings import Settings

Matcher = Callable[[str], bool]

# ValidateForMetrics (filterconfig/config.go): these are of traces and logs.
_LISTS: Final = ("services", "span_names", "log_bodies", "log_severity_texts", "span_kinds")
_SECTIONS: Final = {"attributes": ("key", "value"), "libraries": ("name", "version")}
_KEYS: Final = (
    *("match_type", "regexp", "metric_names", "resources", "log_severity_number"),
    *_LISTS,
    *_SECTIONS,
)


def read_choice(settings: Settings) -> Matcher | None:
    """Return whether the processor acts on a metric of that name; None when it acts on all.

    Raises:
        ConfigRefusedError: the collector would not start.
    """
    include, exclude = _read(settings, "include"), _read(settings, "exclude")
    if include is None and exclude is None:
        return None
    return lambda name: (include is None or include(name)) and not (exclude is not None and exclude(name))


def _read(settings: Settings, side: str) -> Matcher | None:
    if settings.raw(side) is None:
        return None
    match = settings.section(side, *_KEYS)
    names, kind = match.strings("metric_names"), match.string("match_type")
    caching = match.section("regexp", "cacheenabled", "cachemaxnumentries")
    caches = caching.boolean("cacheenabled") and caching.integer("cachemaxnumentries") < 0
    _check(match, names)
    # Resources are checked and then not looked at, and neither is the type where there are no names.
    if not names or kind == "expr":
        return None
    if kind == "strict":
        return frozenset(names).__contains__
    if kind != "regexp":
        match.refuse(f"match_type must be one of regexp, strict: {kind!r}", "match_type")
    if caches:
        caching.refuse("cachemaxnumentries cannot be negative", "cachemaxnumentries")
    patterns = [read_pattern(match, name, "metric_names", index) for index, name in enumerate(names)]
    return lambda name: any(pattern.matches(name) for pattern in patterns)


def _check(match: Settings, names: tuple[str, ...]) -> None:
    for option in _LISTS:
        if match.strings(option):
            match.refuse(f"{option} is not valid for metrics", option)
    for option, keys in _SECTIONS.items():
        if match.sections(option, *keys):
            match.refuse(f"{option} is not valid for metrics", option)
    if match.raw("log_severity_number") is not None:
        match.refuse("log_severity_number is not valid for metrics", "log_severity_number")
    resources = match.sections("resources", "key", "value")
    for resource in resources:
        resource.string("key")
    if not names and not resources:
        match.refuse('at least one of "metric_names" or "resources" must be given')
