"""URL: the parts of a URL by their names in the semantic conventions (func_url.go, parseutils/uri.go).

Follows net/url of Go 1.27, on bytes as there.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import string_of
from phoenix.engine.functions.golang.numbers import INT64_MAX
from phoenix.engine.values.codec import read_text, write_text
from phoenix.engine.values.value import Map, Value

_UNRESERVED: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~")
_PATH: Final = _UNRESERVED | frozenset(b"$&+,/:;=@")
_USER: Final = _UNRESERVED | frozenset(b"$&+,;=")
_FRAGMENT: Final = _UNRESERVED | frozenset(b"$&+,/:;=?@!()*")
_HOST: Final = _UNRESERVED | frozenset(b"!$&'()*+,;=:[]<>\"")
_VALID: Final = frozenset(b"!$&'()*+,;=:@[]%")
_USER_INFO: Final = re.compile(rb"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_PORT: Final = re.compile(rb"(?::[0-9]*)?")
_SCHEME: Final = re.compile(rb"([A-Za-z][A-Za-z0-9+\-.]*)?:")
_ESCAPED: Final = re.compile(rb"%(?:([0-9a-fA-F]{2})|)")
# net/url refuses longer queries (urlmaxqueryparams).
_MAX_PARAMETERS: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Url:
    scheme: bytes = b""
    opaque: bytes = b""
    user: tuple[bytes, bytes | None] | None = None
    host: bytes = b""
    path: bytes = b""
    raw_path: bytes = b""
    query: bytes = b""
    ends_with_query: bool = False
    without_host: bool = False
    fragment: bytes = b""
    raw_fragment: bytes = b""


def url(uri: Value) -> Map:
    """Return the parts of a URL; of a text that begins with `?`, its parameters.

    Raises:
        OttlRuntimeError: it is no text, empty, or no URL.
    """
    text = string_of(uri)
    if not text:
        raise OttlRuntimeError("url cannot be empty")
    written = write_text(text)
    if written.startswith(b"?"):
        return _parameters(written[1:])
    return _parts(_parse(written))


def _parts(found: _Url) -> Map:
    host, port = _host_and_port(found.host)
    parts: dict[str, Value] = {
        "url.original": read_text(_written(found)),
        "url.domain": read_text(host),
        "url.scheme": read_text(found.scheme),
        "url.path": read_text(found.path),
    }
    if port:
        if int(port) > INT64_MAX:
            raise OttlRuntimeError("strconv.Atoi: value out of range")
        parts["url.port"] = int(port)
    if found.fragment:
        parts["url.fragment"] = read_text(found.fragment)
    if found.user is not None:
        parts["url.user_info"] = read_text(_written_user(found.user))
        name, password = found.user
        if name:
            parts["url.username"] = read_text(name)
        if password is not None:
            parts["url.password"] = read_text(password)
    if found.query:
        parts["url.query"] = read_text(found.query)
    _, dot, extension = found.path.rpartition(b".")
    if dot and extension:
        parts["url.extension"] = read_text(extension)
    return Map.of(parts.items())


def _parameters(query: bytes) -> Map:
    if query.count(b"&") >= _MAX_PARAMETERS:
        raise OttlRuntimeError("number of URL query parameters exceeded limit")
    held: dict[str, tuple[Value, ...]] = {}
    for part in query.split(b"&"):
        if b";" in part:
            raise OttlRuntimeError("invalid semicolon separator in query")
        if part:
            key, _, value = part.partition(b"=")
            name = read_text(_unescaped(key.replace(b"+", b" ")))
            held[name] = (*held.get(name, ()), read_text(_unescaped(value.replace(b"+", b" "))))
    return Map.of([("query", Map.of(held.items()))]) if held else Map()


def _parse(text: bytes) -> _Url:
    before, _, fragment = text.partition(b"#")
    if any(byte < 0x20 or byte == 0x7F for byte in before):
        raise OttlRuntimeError("net/url: invalid control character in URL")
    shown = _unescaped(fragment)
    raw_fragment = b"" if _escape(shown, _FRAGMENT) == fragment else fragment
    if before == b"*":
        return _Url(path=b"*", fragment=shown, raw_fragment=raw_fragment)
    scheme, rest = _scheme(before)
    ends_with_query = rest.endswith(b"?") and rest.count(b"?") == 1
    rest, _, query = rest.partition(b"?")
    if not rest.startswith(b"/"):
        if scheme:
            return _Url(
                scheme, rest, query=query, ends_with_query=ends_with_query, fragment=shown, raw_fragment=raw_fragment
            )
        if b":" in rest.partition(b"/")[0]:
            raise OttlRuntimeError("first path segment in URL cannot contain colon")
    user, host, without_host = None, b"", False
    if rest.startswith(b"//") and (scheme or not rest.startswith(b"///")):
        authority, slash, path = rest[2:].partition(b"/")
        rest = slash + path
        user, host = _authority(scheme, authority)
    elif scheme and rest.startswith(b"/"):
        without_host = True
    path = _unescaped(rest)
    raw_path = b"" if _escape(path, _PATH) == rest else rest
    return _Url(scheme, b"", user, host, path, raw_path, query, ends_with_query, without_host, shown, raw_fragment)


def _scheme(text: bytes) -> tuple[bytes, bytes]:
    found = _SCHEME.match(text)
    if found is None:
        return b"", text
    if not found[1]:
        raise OttlRuntimeError("missing protocol scheme")
    return found[1].lower(), text[found.end() :]


def _authority(scheme: bytes, authority: bytes) -> tuple[tuple[bytes, bytes | None] | None, bytes]:
    info, at, host = authority.rpartition(b"@")
    host = _host(scheme, host)
    if not at:
        return None, host
    if _USER_INFO.fullmatch(info) is None:
        raise OttlRuntimeError("net/url: invalid userinfo")
    name, colon, password = info.partition(b":")
    return (_unescaped(name), _unescaped(password) if colon else None), host


def _host(scheme: bytes, host: bytes) -> bytes:
    opening = host.rfind(b"[")
    if opening > 0:
        raise OttlRuntimeError("invalid IP-literal")
    if opening == 0:
        return _literal(host)
    first, last = host.find(b":"), host.rfind(b":")
    colon = first if scheme in (b"http", b"https") else last
    if first >= 0:
        _check_port(host[colon:])
    return _unescaped_host(host)


def _literal(host: bytes) -> bytes:
    closing = host.rfind(b"]")
    if closing < 0:
        raise OttlRuntimeError("missing ']' in host")
    _check_port(host[closing + 1 :])
    name, percent, zone = host[1:closing].partition(b"%25")
    address = _unescaped_host(name)
    if percent:
        address += _unescaped_host(percent + zone, allowed=_HOST | frozenset(b" %"))
    try:
        # Python takes no second percent sign in a zone.
        number, mark, scope = read_text(address).partition("%")
        found = ipaddress.ip_address(f"{number}%{scope.replace('%', '_')}" if mark else number)
    except ValueError as error:
        raise OttlRuntimeError("invalid host") from error
    if found.version == 4:
        raise OttlRuntimeError("invalid IP-literal")
    return b"[" + address + b"]" + host[closing + 1 :]


def _check_port(port: bytes) -> None:
    if _PORT.fullmatch(port) is None:
        raise OttlRuntimeError("invalid port after host")


def _unescaped_host(host: bytes, allowed: frozenset[int] | None = None) -> bytes:
    # A host may escape what is no ASCII and `%`; a zone (`allowed` is given) what a host may hold, and spaces.
    for found in _ESCAPED.finditer(host):
        if found[1] is None:
            raise OttlRuntimeError("invalid URL escape")
        byte = int(found[1], 16)
        if found[0] != b"%25" and (byte < 0x80 if allowed is None else byte not in allowed or byte == ord("%")):
            raise OttlRuntimeError("invalid URL escape")
    if any(byte < 0x80 and byte not in _HOST and byte != ord("%") for byte in host):
        raise OttlRuntimeError("invalid character in host name")
    return _unescaped(host)


def _unescaped(text: bytes) -> bytes:
    def character(found: re.Match[bytes]) -> bytes:
        if found[1] is None:
            raise OttlRuntimeError("invalid URL escape")
        return bytes([int(found[1], 16)])

    return _ESCAPED.sub(character, text)


def _escape(text: bytes, plain: frozenset[int]) -> bytes:
    return b"".join(bytes([byte]) if byte in plain else b"%%%02X" % byte for byte in text)


def _host_and_port(host: bytes) -> tuple[bytes, bytes]:
    before, colon, port = host.rpartition(b":")
    if colon and _PORT.fullmatch(colon + port):
        host = before
    else:
        port = b""
    if host.startswith(b"[") and host.endswith(b"]"):
        host = host[1:-1]
    return host, port


def _written_user(user: tuple[bytes, bytes | None]) -> bytes:
    name, password = user
    return _escape(name, _USER) + (b"" if password is None else b":" + _escape(password, _USER))


def _written(found: _Url) -> bytes:
    text = found.scheme + b":" if found.scheme else b""
    if found.opaque:
        text += found.opaque
    else:
        text += _written_rest(found)
    if found.ends_with_query or found.query:
        text += b"?" + found.query
    if found.fragment:
        text += b"#" + _kept(found.raw_fragment, found.fragment, _FRAGMENT)
    return text


def _written_rest(found: _Url) -> bytes:
    text = b""
    path = b"*" if found.path == b"*" and not found.raw_path else _kept(found.raw_path, found.path, _PATH)
    nobody = not found.host and found.user is None
    # A path that was parsed never begins with two slashes where there is no host, and with one behind a host.
    if not nobody or (found.scheme and found.path and not found.without_host):
        text = b"//"
        if found.user is not None:
            text += _written_user(found.user) + b"@"
        text += _escape(found.host, _HOST)
    return text + path


def _kept(raw: bytes, text: bytes, plain: frozenset[int]) -> bytes:
    # What was written stays, unless it holds what must be escaped.
    if raw and all(byte in plain or byte in _VALID for byte in raw):
        return raw
    return _escape(text, plain)


CONVERTERS: Final[Mapping[str, Any]] = {"URL": url}
