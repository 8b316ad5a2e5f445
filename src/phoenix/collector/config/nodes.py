"""A config's text as a tree of nodes that know where they stand, made in one pass over the parser's events.

libyaml scans; the collector's Go parser is a port of it, so both stop at the same character. Composing is done here,
without recursion, because the limits, the duplicate keys, the merge keys and the places must be the collector's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

import yaml

from phoenix.collector.config import scalars
from phoenix.collector.config.errors import ConfigSyntaxError, ConfigTooComplexError
from phoenix.collector.config.place import Place

MAX_CHARACTERS: Final = 4_000_000
MAX_DEPTH: Final = 100
MAX_NODES: Final = 200_000

_MERGE: Final = "<<"


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value.

    Attributes:
        place: where it begins, quotes included.
        value: as the collector reads it.
        text: its characters after YAML's own unescaping and folding.
        style: `'`, `"`, `|`, `>`, or empty when plain.
        span: indexes of the source it takes up.
    """

    place: Place
    value: scalars.Scalar
    text: str
    style: str
    span: tuple[int, int]
    size: int = 1


@dataclass(slots=True)
class SequenceNode:
    """A list. `size` counts all nodes below it with aliases written out."""

    place: Place
    items: list["Node"] = field(default_factory=list)
    size: int = 1


@dataclass(slots=True)
class MappingNode:
    """A mapping: for each key its node, or for a merged key the node of the mapping it came from, and the value."""

    place: Place
    entries: dict[str, tuple[ScalarNode, "Node"]] = field(default_factory=dict)
    size: int = 1


Node = ScalarNode | SequenceNode | MappingNode


def plain_data(node: Node) -> Any:
    """Return the node's value as dicts, lists and scalars; parts that an alias repeats are shared, not copied."""
    made: dict[int, Any] = {}

    def build(current: Node) -> Any:
        if isinstance(current, ScalarNode):
            return current.value
        if id(current) not in made:
            if isinstance(current, SequenceNode):
                made[id(current)] = [build(item) for item in current.items]
            else:
                made[id(current)] = {key: build(value) for key, (_, value) in current.entries.items()}
        return made[id(current)]

    return build(node)


def compose(text: str, source: str) -> Node | None:
    """Return the tree of the only document in `text`; None when there is none.

    Raises:
        ConfigSyntaxError: not YAML, a key twice in one mapping, a second document, an unknown alias, a wrong merge.
        ConfigTooComplexError: too long, too deep, or too large once aliases are written out.
    """
    if len(text) > MAX_CHARACTERS:
        raise ConfigTooComplexError.at(Place(source, 1, 1), f"more than {MAX_CHARACTERS:,} characters")
    composer = _Composer(source)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(source, mark.line + 1, mark.column + 1) if mark else Place(source, 1, 1)
        _refuse(place, str(error.problem or error.context or "not YAML"), error)
    except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
        # libyaml counts bytes of UTF-8 where Python's encoder counts characters.
        if isinstance(error, yaml.reader.ReaderError):
            index = len(text.encode()[: error.position].decode("utf-8", "ignore"))
        else:
            index = error.start
        place = Place(source, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
        _refuse(place, f"character U+{ord(text[index]):04X} is not allowed in YAML", error)
    return composer.root


def _refuse(place: Place, problem: str, cause: Exception | None = None) -> NoReturn:
    raise ConfigSyntaxError.at(place, problem) from cause


@dataclass(slots=True)
class _Open:
    """A collection that has not ended; `key` waits for its value, `merges` for the end."""

    node: SequenceNode | MappingNode
    anchor: str | None
    raw_keys: dict[str, ScalarNode] = field(default_factory=dict)
    key: ScalarNode | None = None
    merges: Node | None = None


class _Composer:
    """Keeps the collections that are open; `take` is called for each event in turn."""

    def __init__(self, source: str) -> None:
        self.root: Node | None = None
        self._source = source
        self._open: list[_Open] = []
        self._anchors: dict[str, Node | None] = {}

    def take(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent():
                self._finish(self._scalar(event), event.anchor)
            case yaml.AliasEvent():
                self._finish(self._alias(event), None)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._start(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end()
            case yaml.DocumentStartEvent() if self.root is not None:
                _refuse(self._place(event), "a second document; the collector would read only the first")
            case _:
                pass

    def _place(self, event: Any) -> Place:
        return Place(self._source, event.start_mark.line + 1, event.start_mark.column + 1)

    def _scalar(self, event: Any) -> ScalarNode:
        place, span = self._place(event), (event.start_mark.index, event.end_mark.index)
        style = event.style or ""
        plain = event.implicit[0]
        value: scalars.Scalar = event.value
        if event.tag and event.tag != "!":
            try:
                value = scalars.resolve_tagged(event.tag, event.value, plain=not style)
            except ValueError as error:
                _refuse(place, str(error), error)
        elif plain:
            value = scalars.resolve(event.value)
        return ScalarNode(place, value, event.value, style, span)

    def _alias(self, event: Any) -> Node:
        if event.anchor not in self._anchors:
            _refuse(self._place(event), f"alias *{event.anchor} has no anchor before it")
        node = self._anchors[event.anchor]
        if node is None:
            _refuse(self._place(event), f"anchor &{event.anchor} contains itself")
        return node

    def _start(self, event: Any) -> None:
        place = self._place(event)
        if len(self._open) >= MAX_DEPTH:
            raise ConfigTooComplexError.at(place, f"nested deeper than {MAX_DEPTH} levels")
        node = MappingNode(place) if isinstance(event, yaml.MappingStartEvent) else SequenceNode(place)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append(_Open(node, event.anchor))

    def _end(self) -> None:
        ended = self._open.pop()
        if isinstance(ended.node, MappingNode) and ended.merges is not None:
            _merge(ended.node, ended.merges)
        self._finish(ended.node, ended.anchor)

    def _finish(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent.node, SequenceNode):
            parent.node.items.append(node)
        elif parent.key is None:
            parent.key = self._key(parent, node)
            return
        else:
            self._enter(parent, parent.node, parent.key, node)
            parent.key = None
        parent.node.size += node.size
        if parent.node.size > MAX_NODES:
            problem = f"more than {MAX_NODES:,} values with aliases written out"
            raise ConfigTooComplexError.at(node.place, problem)

    @staticmethod
    def _key(parent: _Open, node: Node) -> ScalarNode:
        if not isinstance(node, ScalarNode):
            _refuse(node.place, "a key must be a single value")
        if node.text in parent.raw_keys:
            first = parent.raw_keys[node.text].place
            _refuse(node.place, f"duplicate key {node.text!r}, already defined at line {first.line}")
        parent.raw_keys[node.text] = node
        return node

    @staticmethod
    def _enter(parent: _Open, mapping: MappingNode, key: ScalarNode, value: Node) -> None:
        if key.text == _MERGE and not key.style:
            parent.merges = value
        else:
            name = key.value if isinstance(key.value, str) else scalars.key_text(key.value)
            mapping.entries[name] = (key, value)


def _merge(into: MappingNode, merged: Node) -> None:
    """Add what `<<` names: keys already there win, then the earlier mapping."""
    for mapping in merged.items if isinstance(merged, SequenceNode) else [merged]:
        if not isinstance(mapping, MappingNode):
            _refuse(mapping.place, "<< wants a mapping, or a list of mappings")
        for key, entry in mapping.entries.items():
            into.entries.setdefault(key, entry)


def walk(node: Node, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], ScalarNode]]:
    """Yield every scalar value with its path, in the order of the text; what an alias repeats comes again."""
    if isinstance(node, ScalarNode):
        yield path, node
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.items):
            yield from walk(item, (*path, index))
    else:
        for key, (_, value) in node.entries.items():
            yield from walk(value, (*path, key))


def find(root: Node | None, path: Sequence[str | int]) -> Node | None:
    """Return the value at `path`, or None."""
    node = root
    for step in path:
        if isinstance(node, MappingNode) and (entry := node.entries.get(str(step))):
            node = entry[1]
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node
