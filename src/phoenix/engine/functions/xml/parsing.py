"""ParseXML: one element with all that is in it, as maps (func_parse_xml.go)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.arguments import string_of
from phoenix.engine.functions.golang.text import trim_space
from phoenix.engine.functions.xml.tokens import Kind, Token, read_tokens
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.value import Map, Value

# The collector's limit is 10,000; what is nested deeper than this is read by nobody else here.
MAX_DEPTH: Final = 200


def parse_xml(target: Value) -> Map:
    """Return an element's tag, content, attributes and children as a map; text loses the space around its pieces.

    Raises:
        OttlRuntimeError: it is no text, no XML, or something stands behind the element.
        NotColumnarError: it is nested deeper than 200 levels, or holds what `read_tokens` refuses.
    """
    document = write_text(string_of(target))
    open_elements: list[_Element] = []
    for token in read_tokens(document):
        if token.kind is Kind.START:
            open_elements.append(_Element(token))
            if len(open_elements) > MAX_DEPTH:
                raise NotColumnarError(f"function ParseXML of more than {MAX_DEPTH} levels")
        elif token.kind is Kind.END:
            done = open_elements.pop()
            if not open_elements:
                if token.end != len(document):
                    raise OttlRuntimeError("trailing bytes after parsing xml")
                return done.as_map()
            open_elements[-1].children.append(done.as_map())
        elif open_elements and token.kind in (Kind.TEXT, Kind.CDATA):
            open_elements[-1].text += trim_space(token.text)
    raise OttlRuntimeError("unmarshal xml: EOF")


@dataclass(slots=True)
class _Element:
    tag: Token
    text: str = ""
    children: list[Value] = field(default_factory=list)

    def as_map(self) -> Map:
        """Return the element as the collector puts it into a map."""
        pairs: list[tuple[str, Value]] = [("tag", self.tag.name.local)]
        if self.text:
            pairs.append(("content", self.text))
        if self.tag.attributes:
            held: dict[str, Value] = {name.local: value for name, value in self.tag.attributes}
            pairs.append(("attributes", Map.of(held.items())))
        if self.children:
            pairs.append(("children", tuple(self.children)))
        return Map.of(pairs)


CONVERTERS: Final[Mapping[str, Any]] = {"ParseXML": parse_xml}
