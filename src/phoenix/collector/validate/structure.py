"""Does the config have the shape of a collector config: its sections, ids, types and pipelines.

Runs before references and rules, which trust the shapes. The wording follows what the user wrote, not Go's types.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from phoenix.collector.config.document import ConfigDocument, ConfigPath
from phoenix.collector.config.expansion import expansions_in
from phoenix.collector.config.names import SIGNALS, ComponentId, Kind, check_name
from phoenix.collector.config.types import ComponentTypes
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.suggest import did_you_mean, shortened

SECTIONS: Final = (*(kind.value for kind in Kind), "service")
SERVICE_KEYS: Final = ("telemetry", "extensions", "pipelines")
# Components that are gone for good, and what does their work now.
REPLACED: Final = {(Kind.EXPORTERS, "logging"): "debug"}
PIPELINE_KEYS: Final = ("receivers", "processors", "exporters")

UNKNOWN_KEY: Final = Code(
    "CONFIG_UNKNOWN_KEY",
    Severity.ERROR,
    "A key that the collector does not know at this place. It refuses to start rather than ignore it.",
    "Correct the key, or take it out.",
    "top-level sections, service, pipelines",
)
WRONG_SHAPE: Final = Code(
    "CONFIG_WRONG_SHAPE",
    Severity.ERROR,
    "A mapping, a list or a name was expected and something else stands there.",
    "Write it in the shape the message names.",
    "top-level sections, component settings, service, pipelines",
)
BAD_ID: Final = Code(
    "COMPONENT_ID_INVALID",
    Severity.ERROR,
    "A component's id is a type, and after a slash a name: `filter`, `filter/keep`.",
    "Rename the component here and where it is used.",
    "ids of components and references",
)
UNKNOWN_TYPE: Final = Code(
    "COMPONENT_TYPE_UNKNOWN",
    Severity.ERROR,
    "The collector has no such component built in.",
    "Correct the type, or use a collector that has it.",
    "types of components",
)
MISSING_PART: Final = Code(
    "CONFIG_PART_MISSING",
    Severity.ERROR,
    "A config needs receivers, exporters and a service with pipelines; a pipeline needs a receiver and an exporter.",
    "Add the part that is missing.",
    "sections, service, pipelines",
)
UNKNOWN_SIGNAL: Final = Code(
    "PIPELINE_SIGNAL_UNKNOWN",
    Severity.ERROR,
    "A pipeline's id begins with the signal it carries.",
    "Begin the pipeline's id with metrics, logs or traces.",
    "ids of pipelines",
)
PROCESSOR_TWICE: Final = Code(
    "PROCESSOR_TWICE",
    Severity.ERROR,
    "A processor stands twice in one pipeline; the collector refuses that.",
    "Take one out, or define a second one with a name of its own.",
    "processors of pipelines",
)
KEY_WITH_COLONS: Final = Code(
    "CONFIG_KEY_WITH_COLONS",
    Severity.ERROR,
    "The collector takes `::` inside a key as a step down, so the key means something else than it says.",
    "Write the parts as nested mappings.",
    "every key",
)
CODES: Final = (
    UNKNOWN_KEY,
    WRONG_SHAPE,
    BAD_ID,
    UNKNOWN_TYPE,
    MISSING_PART,
    UNKNOWN_SIGNAL,
    PROCESSOR_TWICE,
    KEY_WITH_COLONS,
)


@dataclass(frozen=True, slots=True)
class _Check:
    document: ConfigDocument
    types: ComponentTypes
    types_are_certain: bool

    def found(self, code: Code, path: ConfigPath, message: str, **more: Any) -> Finding:
        return code.at(self.document.locate(path), message, **more)


def check_structure(document: ConfigDocument, types: ComponentTypes, *, types_are_certain: bool) -> Iterator[Finding]:
    """Yield what is wrong with the shape of the config.

    Args:
        document: the config.
        types: what the collector has built in.
        types_are_certain: whether that is the very binary that will run; if not, an unknown type is only a warning.
    """
    check = _Check(document, types, types_are_certain)
    data = document.data
    yield from _unknown_keys(check, (), data, SECTIONS, "section")
    yield from _colons(check)
    for kind in Kind:
        yield from _section(check, kind, data.get(kind.value))
    for kind in (Kind.RECEIVERS, Kind.EXPORTERS):
        if not data.get(kind.value):
            yield check.found(MISSING_PART, (kind.value,), f"no {kind.singular} is configured")
    yield from _service(check, data.get("service"))


def _unknown_keys(
    check: _Check, path: ConfigPath, given: Mapping[str, Any], known: Iterable[str], what: str
) -> Iterator[Finding]:
    names = tuple(known)
    for key in given:
        if key not in names and "::" not in key:
            where = f" in {'.'.join(map(str, path))}" if path else ""
            message = f'unknown {what} "{key}"{where}{did_you_mean(key, names)}'
            yield check.found(UNKNOWN_KEY, (*path, key), message, user_action=f"Use one of {', '.join(names)}.")


def _colons(check: _Check) -> Iterator[Finding]:
    seen = set()
    for path, _ in check.document.scalars():
        for depth, step in enumerate(path, 1):
            if isinstance(step, str) and "::" in step and path[:depth] not in seen:
                seen.add(path[:depth])
                yield check.found(KEY_WITH_COLONS, path[:depth], f'the key "{step}" has :: in it')


def _section(check: _Check, kind: Kind, section: object) -> Iterator[Finding]:
    if section is None or _comes_from_outside(section):
        return
    if not isinstance(section, Mapping):
        message = f"{kind.value} must be a mapping from ids to settings, not {_shape(section)}"
        yield check.found(WRONG_SHAPE, (kind.value,), message)
        return
    for key, settings in section.items():
        path = (kind.value, key)
        try:
            component = ComponentId.parse(key)
        except ValueError as error:
            if "::" not in key:
                yield check.found(BAD_ID, path, str(error))
            continue
        if not check.types.knows(kind, component.type):
            yield _unknown_type(check, kind, component.type, path)
        if settings is not None and not isinstance(settings, Mapping) and not _comes_from_outside(settings):
            yield check.found(WRONG_SHAPE, path, f"the settings of {key} must be a mapping, not {_shape(settings)}")


def _unknown_type(check: _Check, kind: Kind, type_name: str, path: ConfigPath) -> Finding:
    names = check.types.names(kind)
    gone = REPLACED.get((kind, type_name))
    near = f"; {gone} took its place" if gone else did_you_mean(type_name, names)
    whose = "this collector" if check.types_are_certain else "the collector that Phoenix builds"
    return check.found(
        UNKNOWN_TYPE,
        path,
        f'{whose} has no {kind.singular} of type "{type_name}"{near}',
        user_action=f"Correct the type, or use a collector that has it. It has {shortened(names)}.",
        severity=Severity.ERROR if check.types_are_certain or near else Severity.WARNING,
    )


def _service(check: _Check, service: object) -> Iterator[Finding]:
    if _comes_from_outside(service):
        return
    if not service:
        yield check.found(MISSING_PART, ("service",), "there is no service, so nothing would run")
        return
    if not isinstance(service, Mapping):
        yield check.found(WRONG_SHAPE, ("service",), f"service must be a mapping, not {_shape(service)}")
        return
    yield from _unknown_keys(check, ("service",), service, SERVICE_KEYS, "key")
    yield from _names(check, ("service", "extensions"), service.get("extensions"))
    pipelines = service.get("pipelines")
    path = ("service", "pipelines")
    if _comes_from_outside(pipelines):
        return
    if not pipelines:
        yield check.found(MISSING_PART, path, "service has no pipelines")
    elif not isinstance(pipelines, Mapping):
        message = f"pipelines must be a mapping from ids to pipelines, not {_shape(pipelines)}"
        yield check.found(WRONG_SHAPE, path, message)
    else:
        for key, body in pipelines.items():
            yield from _pipeline(check, key, body)


def _pipeline(check: _Check, key: str, body: object) -> Iterator[Finding]:
    path: ConfigPath = ("service", "pipelines", key)
    signal, slash, name = (part.strip() for part in key.partition("/"))
    if signal not in SIGNALS:
        yield check.found(UNKNOWN_SIGNAL, path, f'unknown signal "{signal}"{did_you_mean(signal, SIGNALS)}')
    elif slash and not name:
        yield check.found(BAD_ID, path, f"the part after / is empty in {key!r}")
    elif slash:
        try:
            check_name(name)
        except ValueError as error:
            yield check.found(BAD_ID, path, str(error))
    if body is not None and not isinstance(body, Mapping):
        if not _comes_from_outside(body):
            message = f"pipeline {key} must be a mapping with receivers, processors and exporters, not {_shape(body)}"
            yield check.found(WRONG_SHAPE, path, message)
        return
    pipeline = body or {}
    yield from _unknown_keys(check, path, pipeline, PIPELINE_KEYS, "key")
    for part in PIPELINE_KEYS:
        yield from _names(check, (*path, part), pipeline.get(part))
        if part != "processors" and not pipeline.get(part):
            yield check.found(MISSING_PART, (*path, part), f"pipeline {key} has no {part[:-1]}")
    yield from _twice(check, (*path, "processors"), pipeline.get("processors"))


def _names(check: _Check, path: ConfigPath, names: object) -> Iterator[Finding]:
    if names is None or _comes_from_outside(names):
        return
    if not isinstance(names, list):
        yield check.found(WRONG_SHAPE, path, f"{path[-1]} must be a list of ids, not {_shape(names)}")
        return
    for index, name in enumerate(names):
        item = (*path, index)
        if not isinstance(name, str):
            yield check.found(WRONG_SHAPE, item, f"an id was expected, not {_shape(name)}")
            continue
        try:
            ComponentId.parse(name)
        except ValueError as error:
            if not any(expansions_in(name)):
                yield check.found(BAD_ID, item, str(error))


def _twice(check: _Check, path: ConfigPath, names: object) -> Iterator[Finding]:
    seen = set()
    for index, name in enumerate(names if isinstance(names, list) else ()):
        if isinstance(name, str) and name in seen:
            yield check.found(PROCESSOR_TWICE, (*path, index), f"processor {name} stands twice in this pipeline")
        seen.add(str(name))


def _comes_from_outside(value: object) -> bool:
    """Return whether a value is one `${...}`, so that only the host knows its shape."""
    return isinstance(value, str) and any(found.whole for found in expansions_in(value))


def _shape(value: object) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else f"{value!r}"
