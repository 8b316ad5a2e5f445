"""OTLP protobuf requests to a capture and back, by compiled kernels (docs/adr/0004-codec-compiled-by-numba.md).

Everything that reads or writes telemetry goes through here: recording, import, replay and, later, ingest. The kernels
and numba are loaded at the first call, not at import.
"""

from phoenix.telemetry.codec.decoder import decode
from phoenix.telemetry.codec.encoder import MessageSizes, encode, encoded_sizes, message_sizes

__all__ = ["MessageSizes", "decode", "encode", "encoded_sizes", "message_sizes"]
