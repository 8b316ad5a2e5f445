"""XML as encoding/xml of Go 1.27 reads it, token by token, strictly: close to XML, and with mistakes of its own."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final, NamedTuple

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError

_NAME: Final = re.compile(rb"[A-Za-z0-9_:.\x80-\xff-]+")
_NAME_START: Final = re.compile(rb"[A-Za-z_:]")
_SPACE: Final = re.compile(rb"[ \t\r\n]*")
_ENTITY: Final = re.compile(rb"&(?:#(?:x([0-9a-fA-F]+)|([0-9]+))|(lt|gt|amp|apos|quot));")
_ENTITIES: Final = {b"lt": b"<", b"gt": b">", b"amp": b"&", b"apos": b"'", b"quot": b'"'}
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Kind(Enum):
    """What a token is."""

    START = auto()
    END = auto()
    TEXT = auto()
    CDATA = auto()
    COMMENT = auto()
    INSTRUCTION = auto()
    DIRECTIVE = auto()


class Name(NamedTuple):
    """A name with the prefix before its colon."""

    prefix: str
    local: str


class Token(NamedTuple):
    """One token.

    Attributes:
        kind: what it is.
        text: of text, comments and directives; what stands behind an instruction's target.
        name: of an element, the target of an instruction.
        attributes: of a start tag.
        end: where the text behind it begins; of an empty element's two tags both say the same.
    """

    kind: Kind
    text: str = ""
    name: Name = Name("", "")
    attributes: tuple[tuple[Name, str], ...] = ()
    end: int = 0


def read_tokens(document: bytes) -> Iterator[Token]:
    """Yield the tokens of a document; start and end tags match.

    Raises:
        OttlRuntimeError: it is no XML to Go.
        NotColumnarError: it has names that are no ASCII, or a directive with more than plain text in it.
    """
    reader = _Reader(document)
    open_tags: list[Name] = []
    while (token := reader.next()) is not None:
        if token.kind is Kind.START:
            open_tags.append(token.name)
        elif token.kind is Kind.END and (not open_tags or open_tags.pop() != token.name):
            raise _wrong(f"unexpected end element </{token.name.local}>")
        yield token
    if open_tags:
        raise _wrong("unexpected EOF")


class _Reader:
    def __init__(self, document: bytes) -> None:
        self._document = document
        self._at = 0
        self._to_close: Name | None = None

    def next(self) -> Token | None:
        """Return the next token, None at the end."""
        if self._to_close is not None:
            name, self._to_close = self._to_close, None
            return Token(Kind.END, name=name, end=self._at)
        if self._at == len(self._document):
            return None
        if not self._takes(b"<"):
            return self._text()
        if self._takes(b"/"):
            return self._end_tag()
        if self._takes(b"?"):
            return self._instruction()
        if self._takes(b"!"):
            return self._declaration()
        return self._start_tag()

    def _text(self) -> Token:
        stop = self._document.find(b"<", self._at)
        raw = self._document[self._at : stop if stop >= 0 else len(self._document)]
        # Go finds this in the text as it is written.
        if b"]]>" in raw:
            raise _wrong("unescaped ]]> not in CDATA section")
        self._at += len(raw)
        return Token(Kind.TEXT, _unescaped(raw), end=self._at)

    def _end_tag(self) -> Token:
        name = self._qualified()
        self._skip_space()
        if not self._takes(b">"):
            raise _wrong(f"invalid characters between </{name.local} and >")
        return Token(Kind.END, name=name, end=self._at)

    def _instruction(self) -> Token:
        target = self._name()
        self._skip_space()
        content = self._until(b"?>")
        if target == "xml":
            _check_declaration(content)
        return Token(Kind.INSTRUCTION, _text_of(content), Name("", target), end=self._at)

    def _declaration(self) -> Token:
        if self._takes(b"--"):
            content = self._until(b"--")
            if not self._takes(b">"):
                raise _wrong('invalid sequence "--" not allowed in comments')
            return Token(Kind.COMMENT, _text_of(content), end=self._at)
        if self._takes(b"-"):
            raise _wrong("invalid sequence <!- not part of <!--")
        if self._takes(b"["):
            if not self._takes(b"CDATA["):
                raise _wrong("invalid <![ sequence")
            return Token(Kind.CDATA, _checked(_plain_breaks(self._until(b"]]>"))), end=self._at)
        content = self._until(b">")
        if not content or re.search(rb"[<'\"]", content):
            raise NotColumnarError("XML with a directive that is not plain")
        return Token(Kind.DIRECTIVE, _text_of(content), end=self._at)

    def _start_tag(self) -> Token:
        name = self._qualified()
        attributes: list[tuple[Name, str]] = []
        while True:
            self._skip_space()
            if self._takes(b">"):
                break
            if self._takes(b"/"):
                if not self._takes(b">"):
                    raise _wrong("expected /> in element")
                self._to_close = name
                break
            attributes.append(self._attribute())
        return Token(Kind.START, name=name, attributes=tuple(attributes), end=self._at)

    def _attribute(self) -> tuple[Name, str]:
        name = self._qualified()
        self._skip_space()
        if not self._takes(b"="):
            raise _wrong("attribute name without = in element")
        self._skip_space()
        quote = self._document[self._at : self._at + 1]
        if quote not in (b'"', b"'"):
            raise _wrong("unquoted or missing attribute value in element")
        self._at += 1
        value = self._until(quote)
        if b"<" in value:
            raise _wrong("unescaped < inside quoted string")
        return name, _unescaped(value)

    def _qualified(self) -> Name:
        name = self._name()
        prefix, colon, local = name.partition(":")
        if ":" in local:
            raise _wrong("expected a name")
        return Name(prefix, local) if colon and prefix and local else Name("", name)

    def _name(self) -> str:
        found = _NAME.match(self._document, self._at)
        if found is None:
            raise _wrong("expected a name")
        self._at = found.end()
        if self._at == len(self._document):
            raise _wrong("unexpected EOF")
        if not found[0].isascii():
            raise NotColumnarError("XML with names that are no ASCII")
        if _NAME_START.match(found[0]) is None:
            raise _wrong("invalid XML name")
        return found[0].decode("ascii")

    def _skip_space(self) -> None:
        found = _SPACE.match(self._document, self._at)
        self._at = found.end() if found else self._at

    def _takes(self, wanted: bytes) -> bool:
        if not self._document.startswith(wanted, self._at):
            return False
        self._at += len(wanted)
        return True

    def _until(self, end: bytes) -> bytes:
        stop = self._document.find(end, self._at)
        if stop < 0:
            raise _wrong("unexpected EOF")
        content = self._document[self._at : stop]
        self._at = stop + len(end)
        return content


def _check_declaration(content: bytes) -> None:
    version, encoding = (_declared(name, content) for name in (b"version=", b"encoding="))
    if version not in (b"", b"1.0"):
        raise _wrong("unsupported version")
    if encoding.lower() not in (b"", b"utf-8"):
        raise EncodingError("an encoding is declared that is not UTF-8")


class EncodingError(OttlRuntimeError):
    """The document says that it is not UTF-8; ParseXML refuses it, others would read it."""


def _declared(name: bytes, content: bytes) -> bytes:
    at = 0
    while (found := content.find(name, at)) >= 0:
        at = found + len(name)
        quote = content[at : at + 1]
        at += 1
        if quote in (b"'", b'"'):
            stop = content.find(quote, at)
            return content[at:stop] if stop >= 0 else b""
    return b""


def _unescaped(raw: bytes) -> str:
    pieces = []
    at = 0
    while (amp := raw.find(b"&", at)) >= 0:
        found = _ENTITY.match(raw, amp)
        if found is None:
            raise _wrong("invalid character entity")
        pieces += [_plain_breaks(raw[at:amp]), _character(found)]
        at = found.end()
    return _checked(b"".join([*pieces, _plain_breaks(raw[at:])]))


def _character(found: re.Match[bytes]) -> bytes:
    if found[3]:
        return _ENTITIES[found[3]]
    code = int(found[1], 16) if found[1] else int(found[2])
    if code > 0x10FFFF:
        raise _wrong("invalid character entity")
    # Half a surrogate pair is written as U+FFFD.
    return ("\ufffd" if 0xD800 <= code < 0xE000 else chr(code)).encode("utf-8")


def _plain_breaks(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _checked(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _wrong("invalid UTF-8") from error
    if _ILLEGAL.search(text):
        raise _wrong("illegal character code")
    return text


def _text_of(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _wrong(message: str) -> OttlRuntimeError:
    return OttlRuntimeError(f"XML syntax error: {message}")
