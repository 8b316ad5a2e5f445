"""The user's YAML, verbatim, with its values and the place of each.

The text is never rewritten: what Phoenix sends to a collector is generated beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from phoenix.collector.config import nodes, offsets
from phoenix.collector.config.errors import ConfigSyntaxError
from phoenix.collector.config.place import Place

__all__ = ["ConfigDocument", "ConfigPath", "ConfigSyntaxError", "Place"]

ConfigPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ConfigDocument:
    """A parsed collector config.

    Attributes:
        text: the user's text, byte for byte, byte order mark included.
        source: what to call it in messages, usually the path given.
        data: its values as plain dicts, lists and scalars. Parts that an alias repeats are shared: never change them.
    """

    text: str
    source: str
    data: Mapping[str, Any]
    _root: nodes.Node | None = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str, source: str = "config.yaml") -> Self:
        """Return the document, read as the collector reads YAML (Go's yaml.v3).

        Raises:
            ConfigSyntaxError: not YAML, a key twice in one mapping, several documents, or not a mapping at the top.
            ConfigTooComplexError: larger or deeper than any config, or an anchor repeated without end.
        """
        root = nodes.compose(text.removeprefix("\ufeff"), source)
        if root is None or (isinstance(root, nodes.ScalarNode) and root.value is None):
            problem = "the text is empty"
            raise ConfigSyntaxError.at(Place(source, 1, 1), problem)
        if not isinstance(root, nodes.MappingNode):
            problem = "the text is not a mapping of keys to values"
            raise ConfigSyntaxError.at(root.place, problem)
        return cls(text, source, nodes.plain_data(root), root)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the document in a file, named by its path as given.

        Raises:
            ConfigSyntaxError: as `parse`, and when the file is not UTF-8.
            OSError: it cannot be read.
        """
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            place = Place(str(path), error.object.count(b"\n", 0, error.start) + 1, 1)
            raise ConfigSyntaxError.at(place, f"byte {error.start} is not UTF-8") from error
        return cls.parse(text, str(path))

    def locate(self, path: Sequence[str | int]) -> Place:
        """Return where the key (or item) that `path` names begins; of the nearest one above it that exists.

        A key that comes from a merge or an alias is located where it is written, under the anchor.
        """
        node, place = self._root, Place(self.source, 1, 1)
        for step in path:
            if isinstance(node, nodes.MappingNode) and (entry := node.entries.get(str(step))):
                place, node = entry[0].place, entry[1]
            elif isinstance(node, nodes.SequenceNode) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
                place = node.place
            else:
                return place
        return place

    def locate_value(self, path: Sequence[str | int]) -> Place:
        """Return where the value at `path` begins; where `locate` points when it does not exist."""
        node = nodes.find(self._root, path)
        return node.place if node else self.locate(path)

    def locate_within(self, path: Sequence[str | int], offset: int) -> Place:
        """Return the place of character `offset` (from 0) of the string at `path`, whatever style it is written in."""
        node = nodes.find(self._root, path)
        if not isinstance(node, nodes.ScalarNode):
            return self.locate(path)
        body = self.text.removeprefix("\ufeff")
        return offsets.place_of(self.source, body, offsets.source_indexes(body, node), offset)

    def scalars(self) -> Iterator[tuple[ConfigPath, nodes.ScalarNode]]:
        """Yield every single value with its path, in the order of the text."""
        if self._root is not None:
            yield from nodes.walk(self._root)
