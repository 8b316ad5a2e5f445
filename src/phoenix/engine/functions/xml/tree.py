"""Documents as trees of linked nodes, as github.com/antchfx/xmlquery 1.5.1 builds, changes and writes them.

The links are that library's own: a node that is put elsewhere is not taken from where it was, which shows in what is
written afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, Optional

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.golang.text import trim_space
from phoenix.engine.functions.xml.tokens import EncodingError, Kind, Token, read_tokens

MAX_DEPTH: Final = 200
_MAX_NODES: Final = 1 << 16


class Type(Enum):
    """What a node is."""

    DOCUMENT = auto()
    DECLARATION = auto()
    ELEMENT = auto()
    TEXT = auto()
    CDATA = auto()
    COMMENT = auto()
    ATTRIBUTE = auto()
    NOTATION = auto()
    INSTRUCTION = auto()


_OF_TOKENS: Final = {
    Kind.TEXT: Type.TEXT,
    Kind.CDATA: Type.CDATA,
    Kind.COMMENT: Type.COMMENT,
    Kind.DIRECTIVE: Type.NOTATION,
}


@dataclass(slots=True, eq=False)
class Node:
    """A node; `data` is its name or its text, `inside` what stands behind an instruction's target."""

    type: Type
    data: str = ""
    attributes: list[tuple[str, str]] = field(default_factory=list)
    level: int = 0
    inside: str = ""
    parent: Optional["Node"] = None
    first: Optional["Node"] = None
    last: Optional["Node"] = None
    before: Optional["Node"] = None
    behind: Optional["Node"] = None

    def children(self) -> Iterator["Node"]:
        """Yield the children that are linked now."""
        child = self.first
        while child is not None:
            yield child
            child = child.behind

    def add_child(self, node: "Node") -> None:
        """Put a node behind the last child."""
        node.parent, node.behind = self, None
        if self.first is None or self.last is None:
            self.first, node.before = node, None
        else:
            self.last.behind, node.before = node, self.last
        self.last = node

    def add_sibling(self, node: "Node") -> None:
        """Put a node behind all that stand behind this one."""
        last = self
        while last.behind is not None:
            last = last.behind
        node.parent, node.before, node.behind = last.parent, last, None
        last.behind = node
        if last.parent is not None:
            last.parent.last = node

    def remove(self) -> None:
        """Take the node out of its parent."""
        if self.parent is None:
            return
        if self.parent.first is self:
            self.parent.first = None if self.parent.last is self else self.behind
        elif self.before is not None:
            self.before.behind = None if self.parent.last is self else self.behind
        if self.parent.last is self:
            self.parent.last = self.before if self.parent.first is not None else None
        elif self.behind is not None:
            self.behind.before = self.before
        self.parent = self.before = self.behind = None

    def remove_attribute(self, name: str) -> None:
        """Take the first attribute of a name away."""
        for index, (key, _) in enumerate(self.attributes):
            if key == name:
                del self.attributes[index]
                return


def inner_text(node: Node) -> str:
    """Return all text below a node."""
    if node.type in (Type.TEXT, Type.CDATA):
        return node.data
    if node.type is Type.COMMENT:
        return ""
    return "".join(map(inner_text, node.children()))


def read_document(document: bytes) -> Node:
    """Return the tree of a document, or of a fragment, which keeps no XML declaration (func_remove_xml.go).

    Raises:
        OttlRuntimeError: it is no XML, or has no element.
        NotColumnarError: it has namespaces, another encoding, or is nested deeper than 200 levels.
    """
    builder = _Builder()
    try:
        for token in read_tokens(document):
            builder.add(token)
    except EncodingError as error:
        raise NotColumnarError("XML that declares an encoding other than UTF-8") from error
    top = builder.document
    if not any(node.type is Type.ELEMENT for node in top.children()):
        raise OttlRuntimeError("parse xml: xmlquery: invalid XML document")
    if not document.startswith(b"<?xml") and top.first is not None:
        top.first.remove()
    return top


class _Builder:
    def __init__(self) -> None:
        self.document = Node(Type.DOCUMENT)
        self._previous = self.document
        self._level = 0

    def add(self, token: Token) -> None:
        """Put what a token says into the tree."""
        if token.kind is Kind.START:
            self._add_element(token)
        elif token.kind is Kind.END:
            self._level -= 1
        elif token.kind is Kind.INSTRUCTION:
            self._add_instruction(token)
        else:
            self._place(Node(_OF_TOKENS[token.kind], token.text, level=self._level), self._level)

    def _add_element(self, token: Token) -> None:
        if token.name.prefix or any(name.prefix or name.local == "xmlns" for name, _ in token.attributes):
            raise NotColumnarError("XML with namespaces")
        if self._level == 0:
            declaration = Node(Type.DECLARATION, "xml", [("version", "1.0")], level=1)
            self._previous.add_child(declaration)
            self._level, self._previous = 1, declaration
        if self._level > MAX_DEPTH:
            raise NotColumnarError(f"XML of more than {MAX_DEPTH} levels")
        attributes = [(name.local, value) for name, value in token.attributes]
        node = Node(Type.ELEMENT, token.name.local, attributes, self._level)
        self._place(node, self._level)
        self._previous = node
        self._level += 1

    def _add_instruction(self, token: Token) -> None:
        level = self._level + 1 if self._previous is self.document else self._level
        node = Node(Type.INSTRUCTION, token.name.local, level=level, inside=trim_space(token.text))
        if token.name.local == "xml":
            node.type = Type.DECLARATION
            for pair in token.text.split(" "):
                key, equals, value = trim_space(pair).partition("=")
                if equals and key and key not in dict(node.attributes):
                    node.attributes.append((key, value.strip("\"'")))
        if ":" in token.name.local:
            raise NotColumnarError("XML with namespaces")
        self._place(node, level)
        self._previous, self._level = node, level

    def _place(self, node: Node, level: int) -> None:
        if level == self._previous.level:
            self._previous.add_sibling(node)
        elif level > self._previous.level:
            self._previous.add_child(node)
        else:
            for _ in range(self._previous.level - level - 1):
                self._previous = self._previous.parent or self.document
            (self._previous.parent or self.document).add_sibling(node)


def write_document(top: Node) -> str:
    """Return what is below a node as XML; empty elements have two tags.

    Raises:
        NotColumnarError: nodes are linked in a circle, on which a collector would crash.
    """
    writer = _Writer()
    for node in top.children():
        writer.add(node, 0)
    return "".join(writer.pieces)


class _Writer:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._nodes = 0

    def add(self, node: Node, depth: int) -> None:
        """Write a node with all below it."""
        self._nodes += 1
        if self._nodes > _MAX_NODES or depth > 2 * MAX_DEPTH:
            raise NotColumnarError("XML whose nodes were put into each other")
        match node.type:
            case Type.TEXT:
                self.pieces.append(_escaped(node.data))
            case Type.CDATA:
                self.pieces.append(f"<![CDATA[{node.data}]]>")
            case Type.COMMENT:
                self.pieces.append(f"<!--{node.data}-->")
            case Type.NOTATION:
                self.pieces.append(f"<!{node.data}>")
            case Type.INSTRUCTION:
                self.pieces.append(f"<?{node.data}{f' {node.inside}' if node.inside else ''}?>")
            case Type.DECLARATION:
                self.pieces.append(f"<?{node.data}{_written(node)}?>")
                self._add_children(node, depth)
            case _:
                self.pieces.append(f"<{node.data}{_written(node)}>")
                self._add_children(node, depth)
                self.pieces.append(f"</{node.data}>")

    def _add_children(self, node: Node, depth: int) -> None:
        for child in node.children():
            self.add(child, depth + 1)


def _written(node: Node) -> str:
    return "".join(f' {name}="{_escaped(value)}"' for name, value in node.attributes)


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&#34;")
