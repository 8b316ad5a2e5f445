"""XPaths of steps and simple tests: `/a/b`, `//b`, `*`, `@c`, `@*`, `text()`, with `[2]`, `[@c='x']`, `[b]`.

They choose what github.com/antchfx/xpath 1.3.8 chooses in trees of xmlquery, which walks past text of only white space
unless it stands first. Other XPaths are refused by name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.functions.golang.text import trim_space
from phoenix.engine.functions.xml.tree import Node, Type, inner_text

_NAME: Final = r"[A-Za-z_][A-Za-z0-9_.-]*"
_STEP: Final = re.compile(rf"(//?)(text\(\)|@?(?:{_NAME}|\*))((?:\[[^\[\]]*\])*)")
_TEST: Final = re.compile(rf"\[\s*(?:([1-9][0-9]*)|(@?)({_NAME})\s*(?:=\s*(?:'([^']*)'|\"([^\"]*)\"))?)\s*\]")


@dataclass(frozen=True, slots=True)
class _Test:
    position: int | None
    of_attribute: bool
    name: str
    value: str | None

    def holds(self, node: Node) -> bool:
        """Return whether a node has the attribute or child asked for, with the value asked for."""
        if self.of_attribute:
            return any(key == self.name and self.value in (None, value) for key, value in node.attributes)
        named = (child for child in _children(node) if _is_element(child) and child.data == self.name)
        return any(self.value is None or inner_text(child) == self.value for child in named)


@dataclass(frozen=True, slots=True)
class _Step:
    anywhere: bool
    what: str
    tests: tuple[_Test, ...]


@lru_cache(maxsize=256)
def compile_xpath(text: str) -> tuple[_Step, ...]:
    """Return the steps of an XPath; none for "/", which is the document.

    Raises:
        NotColumnarError: it is no XPath, or more than is known here.
    """
    if text == "/":
        return ()
    unknown = NotColumnarError(f'the XPath "{text}"')
    steps: list[_Step] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None or (steps and steps[-1].what.startswith(("@", "text()"))):
            raise unknown
        tests = list(_TEST.finditer(found[3]))
        counted = any(test[1] for test in tests)
        if "".join(test[0] for test in tests) != found[3] or (counted and len(tests) > 1):
            raise unknown
        if tests and found[2].startswith(("@", "text()")):
            raise unknown
        steps.append(_Step(found[1] == "//", found[2], tuple(map(_test, tests))))
        at = found.end()
    if not steps or sum(step.anywhere for step in steps) > 1 or any(_is_uncertain(step) for step in steps):
        raise unknown
    return tuple(steps)


def _is_uncertain(step: _Step) -> bool:
    return step.anywhere and any(test.position is not None for test in step.tests)


def _test(found: re.Match[str]) -> _Test:
    value = found[4] if found[4] is not None else found[5]
    return _Test(int(found[1]) if found[1] else None, bool(found[2]), found[3] or "", value)


def chosen(top: Node, steps: tuple[_Step, ...]) -> list[Node]:
    """Return the nodes that an XPath chooses, in the order of the document."""
    nodes = [top]
    for step in steps:
        nodes = [found for node in nodes for found in _tested(_taken(node, step), step.tests)]
    return nodes


def _taken(node: Node, step: _Step) -> Iterator[Node]:
    origins: Iterable[Node] = (node, *_descendants(node)) if step.anywhere else (node,)
    if step.what.startswith("@"):
        for origin in origins:
            if _is_element(origin):
                yield from _attributes(origin, step.what[1:])
        return
    reached = _descendants(node) if step.anywhere else _children(node)
    for found in reached:
        if step.what == "text()":
            if found.type in (Type.TEXT, Type.CDATA, Type.NOTATION):
                yield found
        elif _is_element(found) and step.what in ("*", found.data):
            yield found


def _tested(nodes: Iterator[Node], tests: tuple[_Test, ...]) -> list[Node]:
    found = list(nodes)
    for test in tests:
        if test.position is None:
            found = [node for node in found if test.holds(node)]
        else:
            found = found[test.position - 1 : test.position]
    return found


def _attributes(node: Node, name: str) -> Iterator[Node]:
    for key, value in node.attributes:
        if name in ("*", key):
            attribute = Node(Type.ATTRIBUTE, key, parent=node)
            attribute.first = attribute.last = Node(Type.TEXT, value)
            yield attribute


def _children(node: Node) -> Iterator[Node]:
    for index, child in enumerate(node.children()):
        if index == 0 or child.type is not Type.TEXT or trim_space(child.data):
            yield child


def _descendants(node: Node) -> Iterator[Node]:
    for child in _children(node):
        yield child
        yield from _descendants(child)


def _is_element(node: Node) -> bool:
    return node.type in (Type.ELEMENT, Type.INSTRUCTION)
