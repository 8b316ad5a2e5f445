"""OTLP protobuf requests to a capture and back, by compiled kernels (docs/adr/0004-codec-compiled-by-numba.md).

Everything that reads or writes telemetry goes through here: recording, import, replay and, later, ingest. The kernels
and numba are loaded at the first call, not at import.
"""

from phoenix.telemetry.codec.decoder import decode
from phoenix.telemetry.codec.encoder import encode, encoded_sizes

__all__ = ["decode", "encode", "encoded_sizes"]
