"""TraceID, SpanID and ProfileID; UUID and UUIDv7 by refusing them."""

import binascii
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.arguments import bytes_like
from phoenix.engine.values.ids import Id, IdKind
from phoenix.engine.values.value import Value

_LENGTHS: Final[Mapping[str, tuple[IdKind, int]]] = {
    "TraceID": (IdKind.TRACE, 16),
    "SpanID": (IdKind.SPAN, 8),
    "ProfileID": (IdKind.PROFILE, 16),
}


def make_id(name: str, target: Value) -> Id:
    """Return the id that bytes of its length are, or hexadecimal digits twice as many say.

    Raises:
        OttlRuntimeError: it is neither.
    """
    kind, length = _LENGTHS[name]
    given = bytes_like(target) or b""
    if len(given) == length:
        return Id(kind, given)
    if len(given) != 2 * length:
        raise OttlRuntimeError(
            f"{name}: could not decode ID: invalid length: expected {length} or {2 * length} bytes, got {len(given)}"
        )
    try:
        return Id(kind, binascii.unhexlify(given))
    except binascii.Error as error:
        raise OttlRuntimeError(f"{name}: could not decode ID: invalid hex: {error}") from error


def _maker(name: str) -> Callable[[Value], Id]:
    def convert(target: Value) -> Id:
        return make_id(name, target)

    return convert


def _refusal(name: str) -> Callable[[], NoReturn]:
    def refuse() -> NoReturn:
        # Each run of a collector gives other ones, so there is nothing to be equal to.
        raise NotColumnarError(f"function {name}, which is random,")

    return refuse


CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {
    **{name: _maker(name) for name in _LENGTHS},
    **{name: _refusal(name) for name in ("UUID", "UUIDv7")},
}
