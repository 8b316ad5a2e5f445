"""Whether a host's collector can run a config: it must have every component type, and be no older than the pinned one.

The pinned binary is what a config was validated with; an older collector may lack settings that it has.
"""

import re
from collections.abc import Mapping
from typing import Final

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.names import Kind, canonical
from phoenix.collector.config.pipelines import ConfigView

Components = Mapping[str, tuple[str, ...]]
_VERSION: Final = re.compile(r"v?(\d+)\.(\d+)\.")
# A distribution of somebody else numbers its versions as it likes.
_NUMBERED_ALIKE: Final = re.compile(r"otelcol(?:-(?:contrib|core|k8s|otlp))?")


def needs(text: str) -> Components:
    """Return the component types that a config uses, by section, in today's names."""
    view = ConfigView(ConfigDocument.parse(text))
    found: dict[str, set[str]] = {}
    for pipeline in view.pipelines:
        for reference in pipeline.references:
            component = view.component(reference)
            if component is not None:
                found.setdefault(component.kind.value, set()).add(component.type)
    for component in view.named(view.extensions):
        found.setdefault(component.kind.value, set()).add(component.type)
    return {kind: tuple(sorted(types)) for kind, types in sorted(found.items())}


def missing(needed: Components, available: Components) -> tuple[str, ...]:
    """Return what a collector lacks, as `processor filter`; nothing when it never said what it has."""
    if not available:
        return ()
    lacking = []
    for section, types in needed.items():
        kind = Kind(section)
        has = {canonical(kind, name) for name in available.get(section, ())}
        lacking += [f"{kind.singular} {name}" for name in types if name not in has]
    return tuple(lacking)


def too_old(name: str, version: str, pinned: str) -> bool:
    """Return whether a collector is older than the pinned version; False when its numbers cannot be compared."""
    own, least = _VERSION.match(version), _VERSION.match(pinned)
    if own is None or least is None or not _NUMBERED_ALIKE.fullmatch(name):
        return False
    return (int(own[1]), int(own[2])) < (int(least[1]), int(least[2]))


def unfit(needed: Components, available: Components, *, name: str, version: str, pinned: str) -> str:
    """Return why a host's collector cannot run a config; empty when it can."""
    lacking = missing(needed, available)
    if lacking:
        return f"its collector has no {', no '.join(lacking)}"
    if too_old(name, version, pinned):
        return f"its collector is {version}; configs are checked with {pinned}"
    return ""
