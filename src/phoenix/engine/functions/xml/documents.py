"""Converters that look for nodes of a document and write it, or them, again (func_get_xml.go and its kind)."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import string_of
from phoenix.engine.functions.xml.tree import Node, Type, inner_text, read_document, write_document
from phoenix.engine.functions.xml.xpath import chosen, compile_xpath
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.value import Map, Value


def get_xml(target: Value, x_path: str) -> str:
    """Return the elements and texts that an XPath chooses, behind each other.

    Raises:
        OttlRuntimeError: the target is no text, or no XML.
        NotColumnarError: the XPath or the document is more than is known here; so of the others.
    """
    steps = compile_xpath(x_path)
    text = string_of(target)
    if not text:
        return ""
    result = Node(Type.DOCUMENT)
    for node in chosen(_read(text), steps):
        if node.type in (Type.ELEMENT, Type.TEXT):
            result.add_child(node)
        elif node.type in (Type.ATTRIBUTE, Type.CDATA):
            result.add_child(Node(Type.TEXT, inner_text(node)))
    return write_document(result)


def insert_xml(target: Value, x_path: str, sub_document: Value) -> str:
    """Return the document with another one's nodes put into the elements chosen.

    Raises:
        OttlRuntimeError: one is no text or no XML, or something else than elements is chosen.
    """
    steps = compile_xpath(x_path)
    text = string_of(target)
    top = _read(text) if text else Node(Type.ELEMENT)
    addition = _read(string_of(sub_document))
    nodes = chosen(top, steps)
    if any(node.type not in (Type.ELEMENT, Type.DOCUMENT) for node in nodes):
        raise OttlRuntimeError("InsertXML XPath selected non-element")
    for node in nodes:
        added = addition.first
        while added is not None:
            following = added.behind
            node.add_child(added)
            added = following
    return write_document(top)


def remove_xml(target: Value, x_path: str) -> str:
    """Return the document without the nodes chosen; of texts only what they say is gone.

    Raises:
        OttlRuntimeError: the target is no text, or no XML.
    """
    steps = compile_xpath(x_path)
    text = string_of(target)
    if not text:
        return ""
    top = _read(text)
    for node in chosen(top, steps):
        if node.type in (Type.ELEMENT, Type.COMMENT, Type.CDATA):
            node.remove()
        elif node.type is Type.ATTRIBUTE and node.parent is not None:
            node.parent.remove_attribute(node.data)
        elif node.type is Type.TEXT:
            node.data = ""
    return write_document(top)


def convert_attributes_to_elements_xml(target: Value, x_path: str = "") -> str:
    """Return the document with the attributes chosen, by default all, as last children of their elements.

    Raises:
        OttlRuntimeError: the target is no text, or no XML.
    """
    top = _read(string_of(target))
    for node in chosen(top, compile_xpath(x_path or "//@*")):
        if node.type is Type.ATTRIBUTE and node.parent is not None:
            element = Node(Type.ELEMENT, node.data)
            element.first = Node(Type.TEXT, inner_text(node))
            node.parent.add_child(element)
            node.parent.remove_attribute(node.data)
    return write_document(top)


def convert_text_to_elements_xml(target: Value, x_path: str = "", element_name: str = "") -> str:
    """Return the document with text that stands beside elements or other text in elements of its own.

    Raises:
        OttlRuntimeError: the target is no text, or no XML.
    """
    top = _read(string_of(target))
    for node in chosen(top, compile_xpath(x_path or "/")):
        _wrap_text(node, element_name or "value")
    return write_document(top)


def _wrap_text(parent: Node, name: str) -> None:
    if parent.type not in (Type.ELEMENT, Type.DOCUMENT):
        return
    for child in parent.children():
        if child.type is Type.ELEMENT:
            _wrap_text(child, name)
    counts = Counter(child.type for child in parent.children())
    if counts[Type.TEXT] == 0 or counts[Type.TEXT] + counts[Type.ELEMENT] <= 1:
        return
    for child in parent.children():
        if child.type is Type.TEXT:
            child.first = child.last = Node(Type.TEXT, child.data)
            child.type, child.data = Type.ELEMENT, name


def parse_simplified_xml(target: Value) -> Map:
    """Return a document as maps of what its elements hold, without attributes and text beside elements.

    Raises:
        OttlRuntimeError: the target is no text, or no XML.
    """
    return _simplified(_read(string_of(target)))


def _simplified(parent: Node) -> Map:
    # Elements that hold nothing are left out; those of one name become a list.
    counts = Counter(child.data for child in parent.children() if child.type is Type.ELEMENT)
    made: dict[str, Value] = {}
    for child in parent.children():
        if child.type is not Type.ELEMENT or child.first is None:
            continue
        value: Value = _leaf(child)
        if counts[child.data] > 1:
            made.setdefault(child.data, ())
        if not value:
            value = _simplified(child)
            if not len(value):
                continue
        held = made.get(child.data, ())
        made[child.data] = (*held, value) if counts[child.data] > 1 and isinstance(held, tuple) else value
    return Map.of(made.items())


def _leaf(node: Node) -> str:
    if any(child.type is Type.ELEMENT for child in node.children()):
        return ""
    return next((child.data for child in node.children() if child.type in (Type.TEXT, Type.CDATA)), "")


def _read(text: str) -> Node:
    return read_document(write_text(text))


CONVERTERS: Final[Mapping[str, Any]] = {
    "GetXML": get_xml,
    "InsertXML": insert_xml,
    "RemoveXML": remove_xml,
    "ConvertAttributesToElementsXML": convert_attributes_to_elements_xml,
    "ConvertTextToElementsXML": convert_text_to_elements_xml,
    "ParseSimplifiedXML": parse_simplified_xml,
}
