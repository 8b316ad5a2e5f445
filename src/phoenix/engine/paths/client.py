"""The paths of the otelcol context: who sent a request (contexts/internal/ctxotelcol of pkg/ottl 0.160).

A capture does not say, and a replay sends without any client, so all of them are empty. Their setters fail always.
"""

from collections.abc import Sequence

from phoenix.engine.columns import Coded
from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.expressions.calling import call, constant
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.values.value import Map, Value


def read_client(rows: Rows, name: str, keys: Sequence[Coded]) -> Coded:
    """Return what a path holds behind keys: nil for an address and behind a key, else an empty map."""
    if name == "client.addr":
        return constant(None)
    if not keys:
        return constant(Map())
    # Without a call's metadata, grpc.metadata does not even ask for its key; no other path asks for a second one.
    return constant(None) if name == "grpc.metadata" else call(rows, _behind, keys[:1])


def _behind(key: Value) -> Value:
    if not isinstance(key, str):
        raise OttlRuntimeError("unable to resolve a string index in map")
    return None
