"""The user's YAML, verbatim, with its values and the place of each.

The text is never rewritten: what Phoenix sends to a collector is generated beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from phoenix.core.errors import InvalidError


class ConfigSyntaxError(InvalidError):
    """The text is not YAML, or not a mapping."""

    code = "PIPELINE_INVALID_CONFIG"
    user_action = "Correct the YAML at the line named."


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a text: file (or another name of the source), line and column, both from 1."""

    source: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class ConfigDocument:
    """A parsed collector config.

    Attributes:
        text: the user's text, byte for byte.
        source: what to call it in messages, usually the path given.
        data: its values as plain dicts, lists and scalars.
    """

    text: str
    source: str
    data: Mapping[str, Any]
    _root: Node | None = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str, source: str = "config.yaml") -> Self:
        """Return the document.

        Raises:
            ConfigSyntaxError: not YAML, a key twice in one mapping, or not a mapping at the top.
        """
        yaml = YAML(typ="safe", pure=True)
        try:
            root = yaml.compose(text)
            data = YAML(typ="safe", pure=True).load(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(source, mark.line + 1, mark.column + 1) if mark else Place(source, 1, 1)
            problem = error.problem or error.context or "not YAML"
            raise ConfigSyntaxError(f"{place}: {problem}", place=str(place)) from error
        if not isinstance(data, dict):
            raise ConfigSyntaxError(f"{source}:1:1: a collector config is a mapping with receivers, exporters, service")
        return cls(text, source, data, root)

    def locate(self, path: Sequence[str | int]) -> Place:
        """Return where the key (or item) that `path` names begins; of the nearest one above it that exists."""
        node, place = self._root, Place(self.source, 1, 1)
        for step in path:
            if isinstance(node, MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
                if found is None:
                    return place
                mark, node = found[0].start_mark, found[1]
            elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                mark = node.start_mark
            else:
                return place
            place = Place(self.source, mark.line + 1, mark.column + 1)
        return place
