"""What the real binary says, read: for each of its errors a code, a place in the user's file, a message and a remedy.

A collector tells errors in four ways, by the stage it had reached: it could not resolve `${...}`, could not decode the
config (a tree of errors with Go's type names), a component refused its settings (`processors::batch: ...`), or could
not build the pipelines. The tests hold real outputs.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from phoenix.collector.config.document import ConfigDocument, ConfigPath
from phoenix.collector.config.names import Kind
from phoenix.collector.validate import component_codes
from phoenix.collector.validate.binary_check import codes, ottl_place
from phoenix.collector.validate.binary_check.decode_errors import Leaf, leaves
from phoenix.collector.validate.binary_check.locating import follow, hint, named_key
from phoenix.collector.validate.finding import Code, Finding
from phoenix.collector.validate.suggest import did_you_mean, shortened

Defaults = Callable[[Kind, str], Mapping[str, Any]]

_SECTION: Final = re.compile(r"(?:receivers|processors|exporters|connectors|extensions|service)::")
_WITHOUT_PATH: Final = {
    "no receiver configuration specified in config": ("receivers",),
    "no exporter configuration specified in config": ("exporters",),
    "empty configuration file": (),
}
# The scrapers of host_metrics, which its defaults do not list.
_SCRAPERS: Final = (
    *("cpu", "disk", "filesystem", "load", "memory", "network", "nfs", "paging", "process", "processes", "system"),
)
_UNKNOWN_TYPE: Final = re.compile(
    r'unknown type: "(?P<type>[^"]+)" for id: "(?P<id>[^"]+)" \(valid values: \[(?P<all>.*)\]\)'
)
_REFERENCE: Final = re.compile(
    r'references (?P<kind>\w+) "(?P<id>[^"]+)" (?P<what>which is not configured|multiple times)'
)
_BUILD: Final = (
    re.compile(
        r'failed to create "(?P<id>[^"]+)" (?P<kind>receiver|processor|exporter|connector)[^:]*: (?P<rest>.*)',
        re.DOTALL,
    ),
    re.compile(r'(?P<kind>connector) "(?P<id>[^"]+)" (?P<rest>used as .*)', re.DOTALL),
    re.compile(r'(?P<rest>cycle detected: (?P<kind>connector) "(?P<id>[^"]+)".*)', re.DOTALL),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One error of the binary: the finding, and the path of the value it is about."""

    finding: Finding
    path: ConfigPath
    raw: str


def read_refusals(document: ConfigDocument, output: str, defaults: Defaults) -> list[Refusal]:
    """Return what is wrong according to the binary's standard error, at least one.

    Args:
        document: the config it refused.
        output: its standard error.
        defaults: the settings a component has by default, for suggestions.
    """
    text = output[output.find("Error: ") :].removeprefix("Error: ").strip() if "Error: " in output else output.strip()
    text = text.removeprefix("failed to get config: ")
    reader = _Reader(document, defaults)
    if text.startswith("cannot unmarshal the configuration: "):
        found = list(reader.decoding(text.removeprefix("cannot unmarshal the configuration: ")))
    elif text.startswith("cannot resolve the configuration: "):
        found = [reader.resolving(text.removeprefix("cannot resolve the configuration: "))]
    elif text.startswith("failed to build pipelines: "):
        found = [reader.building(text.removeprefix("failed to build pipelines: "))]
    else:
        found = list(reader.checking(text))
    return found or [reader.refusal(codes.REFUSED, (), text or "the collector refuses the config and does not say why")]


class _Reader:
    def __init__(self, document: ConfigDocument, defaults: Defaults) -> None:
        self._document = document
        self._defaults = defaults

    def refusal(self, code: Code, path: ConfigPath, message: str, **more: Any) -> Refusal:
        place = more.pop("place", None) or self._document.locate(path)
        raw = more.pop("raw", message)
        return Refusal(code.at(place, message, **more), path, raw)

    def resolving(self, text: str) -> Refusal:
        """A `${...}` could not be replaced; the message repeats what was asked for."""
        asked = re.findall(r'"([^"]+)"', text)
        for path, scalar in self._document.scalars():
            for word in reversed(asked):
                if isinstance(scalar.value, str) and f"{word}" in scalar.value and "${" in scalar.value:
                    place = self._document.locate_within(path, scalar.value.index("${"))
                    return self.refusal(codes.UNRESOLVED, path, text, place=place)
        return self.refusal(codes.UNRESOLVED, (), text)

    def decoding(self, text: str) -> Iterator[Refusal]:
        """The config could not be decoded into settings."""
        for leaf in leaves(self._document, text):
            if leaf.unknown_keys:
                for key in leaf.unknown_keys:
                    yield self._unknown_key(leaf.path, key)
            elif found := _UNKNOWN_TYPE.search(leaf.message):
                yield self._unknown_type(leaf, found)
            else:
                path = named_key(self._document, leaf.path, leaf.message)
                message = _said(leaf.path, leaf.message)
                yield self.refusal(component_codes.WRONG_VALUE, path, message, raw=leaf.message)

    def _unknown_key(self, path: ConfigPath, key: str) -> Refusal:
        known: Any = {}
        if len(path) >= 2 and path[0] in list(Kind):
            known = self._defaults(Kind(str(path[0])), str(path[1]))
            for step in path[2:]:
                known = known.get(step) if isinstance(known, Mapping) else None
        names = list(known) if isinstance(known, Mapping) else []
        if path[-1:] == ("scrapers",):
            names = list(_SCRAPERS)
        where = f" in {_dotted(path)}" if path else ""
        remedy = f"Correct the key, or take it out. Known are {shortened(names, 20)}." if names else None
        message = f'unknown key "{key}"{where}{did_you_mean(key, names)}'
        return self.refusal(component_codes.UNKNOWN_KEY, (*path, key), message, user_action=remedy)

    def _unknown_type(self, leaf: Leaf, found: re.Match[str]) -> Refusal:
        known = found["all"].split()
        near = did_you_mean(found["type"], known)
        message = f'this collector has no {_singular(leaf.path)} of type "{found["type"]}"{near}'
        remedy = f"Correct the type, or use a collector that has it. It has {shortened(known)}."
        return self.refusal(codes.UNKNOWN_TYPE, (*leaf.path, found["id"]), message, user_action=remedy)

    def checking(self, text: str) -> Iterator[Refusal]:
        """Components refused their settings; each line that begins with a path, or an OTTL error, is one error."""
        path_text, lines = "", text.split("\n")
        entries: list[tuple[str, str]] = []
        for line in lines:
            if _SECTION.match(line) or line in _WITHOUT_PATH:
                entries.append((line, ""))
                path_text = line
            elif entries and ottl_place.STATEMENT.match(line):
                entries.append((path_text, line))
            elif entries:
                before, more = entries[-1]
                entries[-1] = (f"{before}\n{line}", more) if not more else (before, f"{more}\n{line}")
        for text_with_path, instead in entries:
            yield self._checked(text_with_path, instead)

    def _checked(self, text: str, instead: str) -> Refusal:
        if text in _WITHOUT_PATH:
            return self.refusal(component_codes.SETTINGS_REFUSED, _WITHOUT_PATH[text], text)
        path, message = follow(self._document, (), text)
        message = instead or message
        if reference := _REFERENCE.search(message):
            return self._reference(path, reference, message)
        return self._of_component(component_codes.SETTINGS_REFUSED, path, message)

    def _reference(self, path: ConfigPath, found: re.Match[str], message: str) -> Refusal:
        at = path if path[-1:] == ("extensions",) else (*path, f"{found['kind']}s")
        names: Any = self._document.data
        for step in at:
            names = names.get(step) if isinstance(names, Mapping) else None
        given = [index for index, name in enumerate(names or ()) if name == found["id"]]
        index = given[-1:] if "multiple" in found["what"] else given[:1]
        return self.refusal(component_codes.SETTINGS_REFUSED, (*at, *index), message)

    def _of_component(self, code: Code, path: ConfigPath, message: str) -> Refusal:
        """Return an error of one component, placed at the value or key its message speaks of."""
        if found := ottl_place.place_of(self._document, path, message):
            said = ottl_place.shortened(message)
            return self.refusal(component_codes.OTTL_INVALID, found[0], said, place=found[1], raw=message)
        if ottl_place.INFERRED.search(message):
            return self.refusal(component_codes.OTTL_INVALID, path, ottl_place.shortened(message), raw=message)
        pointed = hint(self._document, path, message)
        named = f"{path[1]}: {message}" if len(path) > 1 and path[0] in list(Kind) else message
        return self.refusal(code, pointed, named, raw=message)

    def building(self, text: str) -> Refusal:
        """The pipelines could not be built from components whose settings are right each for itself."""
        for pattern in _BUILD:
            if found := pattern.match(text):
                path: ConfigPath = (f"{found['kind']}s", found["id"])
                return self._of_component(codes.NOT_BUILT, path, found["rest"])
        return self.refusal(codes.NOT_BUILT, ("service", "pipelines"), text)


def _singular(path: ConfigPath) -> str:
    return str(path[0]).removesuffix("s")


_GO_TYPES: Final = (
    (re.compile(r"expected type '(?:u?int\d*)', got unconvertible type '(?P<got>[^']+)'"), "a whole number"),
    (re.compile(r"expected type 'float\d*', got unconvertible type '(?P<got>[^']+)'"), "a number"),
    (re.compile(r"expected type 'bool', got unconvertible type '(?P<got>[^']+)'"), "true or false"),
    (re.compile(r"expected type '(?:string|configopaque\.String)', got unconvertible type '(?P<got>[^']+)'"), "text"),
    (re.compile(r"expected type 'map\[[^']*', got unconvertible type '(?P<got>[^']+)'"), "a mapping"),
    (re.compile(r'expected a map or struct, got "(?P<got>[^"]+)"'), "a mapping"),
    (re.compile(r"source data must be an array or slice, got (?P<got>\w+)"), "a list"),
    (re.compile(r"expected type 'time\.Duration', got unconvertible type '(?P<got>[^']+)'"), "a duration such as 10s"),
    (re.compile(r"time: (?:invalid duration|unknown unit)(?P<got>)"), "a duration such as 10s or 1m30s"),
)
_GOT: Final = {"string": "text", "slice": "a list", "map": "a mapping", "bool": "true or false", "float64": "a number"}


def _dotted(path: ConfigPath) -> str:
    """Return a path as people write it: `service.pipelines.metrics.receivers[0]`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def _said(path: ConfigPath, message: str) -> str:
    """Return a decoding error in the user's words, led by the key it is about."""
    lead = f"{_dotted(path[1:] if path[:1] and path[0] in list(Kind) and len(path) > 1 else path)}: " if path else ""
    for pattern, wanted in _GO_TYPES:
        if found := pattern.search(message):
            got = found["got"]
            kind = _GOT.get(got) or ("a list" if got.startswith("[]") else "a mapping" if got.startswith("map") else "")
            got_text = kind or ("a whole number" if got.startswith(("int", "uint")) else got)
            return f"{lead}{wanted} was expected" + (f", not {got_text}" if got_text else "")
    # The line is one of a part that the component printed for itself, not of the user's file.
    return lead + re.sub(r"yaml: unmarshal errors:\s+line \d+: ", "", message)
