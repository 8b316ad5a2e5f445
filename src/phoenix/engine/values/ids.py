"""Trace, span and profile ids, which TraceID(), SpanID() and ProfileID() make; nothing in metrics can hold one."""

from dataclasses import dataclass
from enum import StrEnum


class IdKind(StrEnum):
    """Which id; the value is the Go type."""

    TRACE = "pcommon.TraceID"
    SPAN = "pcommon.SpanID"
    PROFILE = "pprofile.ProfileID"


@dataclass(frozen=True, slots=True)
class Id:
    """An id. Setting an attribute or a field to one fails, as in the collector (ctxutil.SetValue)."""

    kind: IdKind
    bytes: bytes
