"""What both ports share: who sends, to which stream, and the answer in the words of OTLP.

https://opentelemetry.io/docs/specs/otlp/ says which failures a sender may repeat: over HTTP 429, 502, 503 and 504, over
gRPC among others UNAVAILABLE. Everything else is final.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from grpc import StatusCode
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsPartialSuccess,
    ExportMetricsServiceResponse,
)

from phoenix.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError, PhoenixError, UnavailableError
from phoenix.core.ids import ExperimentId, HostId, RevisionId
from phoenix.edge.otlp.errors import (
    OtlpBusyError,
    OtlpEncodingError,
    OtlpMediaTypeError,
    OtlpMethodError,
    OtlpPathError,
    OtlpPrincipalError,
    OtlpSlowError,
    OtlpTokenError,
    OtlpTooLargeError,
)
from phoenix.edge.otlp.limits import OtlpCounters, OtlpLimits
from phoenix.edge.otlp.sink import IngestSink, StreamOrigin
from phoenix.edge.principal import Authenticator, PrincipalKind

OWN_ARM: Final = "own"
_BEARER: Final = "bearer "
# Longer names are not of our making, and would be kept and logged.
_MOST_LETTERS: Final = 128


@dataclass(frozen=True, slots=True)
class StreamName:
    """What a path or metadata says of a stream."""

    experiment: str
    arm: str
    revision: str


OWN_STREAM: Final = StreamName("", OWN_ARM, "")

# The first kind that fits an error decides: HTTP status, gRPC code.
_ANSWERS: Final[tuple[tuple[type[PhoenixError], int, StatusCode], ...]] = (
    (OtlpPathError, 404, StatusCode.UNIMPLEMENTED),
    (OtlpMethodError, 405, StatusCode.UNIMPLEMENTED),
    (OtlpMediaTypeError, 415, StatusCode.INVALID_ARGUMENT),
    (OtlpEncodingError, 400, StatusCode.INVALID_ARGUMENT),
    (OtlpTooLargeError, 413, StatusCode.RESOURCE_EXHAUSTED),
    (OtlpSlowError, 408, StatusCode.DEADLINE_EXCEEDED),
    (OtlpTokenError, 401, StatusCode.UNAUTHENTICATED),
    (OtlpPrincipalError, 403, StatusCode.PERMISSION_DENIED),
    (InvalidError, 400, StatusCode.INVALID_ARGUMENT),
    (DeniedError, 401, StatusCode.UNAUTHENTICATED),
    (NotFoundError, 404, StatusCode.NOT_FOUND),
    (ConflictError, 409, StatusCode.FAILED_PRECONDITION),
    (UnavailableError, 503, StatusCode.UNAVAILABLE),
)


def answer_to(error: PhoenixError) -> tuple[int, StatusCode]:
    """Return the HTTP status and the gRPC code that say what went wrong, and whether to send again."""
    return next(
        ((status, code) for kind, status, code in _ANSWERS if isinstance(error, kind)), (500, StatusCode.INTERNAL)
    )


class Receiver:
    """Takes bodies that arrived whole.

    Args:
        sink: the feature behind the ingest.
        authenticator: tells hosts by their tokens.
        limits: of both ports.
    """

    def __init__(self, sink: IngestSink, authenticator: Authenticator, limits: OtlpLimits | None = None) -> None:
        self._sink, self._authenticator = sink, authenticator
        self.limits = limits or OtlpLimits()
        self.counters = OtlpCounters()

    async def origin(self, stream: StreamName, authorization: str) -> StreamOrigin:
        """Return which stream of which host this is.

        Raises:
            DeniedError: no token, a token that is not good, or not of a host.
            OtlpPathError: the stream has no name.
        """
        names = (stream.experiment, stream.arm, stream.revision)
        if stream != OWN_STREAM and not all(0 < len(name) <= _MOST_LETTERS for name in names):
            raise OtlpPathError("experiment, arm and revision must each be named, in at most 128 letters")
        if authorization[: len(_BEARER)].lower() != _BEARER:
            raise OtlpTokenError("the request carries no bearer token")
        principal = await self._authenticator.authenticate(authorization[len(_BEARER) :].strip())
        if principal.kind is not PrincipalKind.HOST:
            raise OtlpPrincipalError(f"{principal.name!r} is not a host")
        return StreamOrigin(
            HostId(principal.id), ExperimentId(stream.experiment), stream.arm, RevisionId(stream.revision)
        )

    def hold(self, size: int) -> None:
        """Count bytes that are held from now on; `release` them.

        Raises:
            OtlpBusyError: too many are.
        """
        if self.counters.held_bytes + size > self.limits.held_bytes:
            raise OtlpBusyError("as many bytes as are allowed are being read")
        self.counters.held_bytes += size

    def release(self, size: int) -> None:
        """Count bytes as no longer held."""
        self.counters.held_bytes -= size

    async def take(self, origin: StreamOrigin, body: bytes) -> bytes:
        """Hand a body on and return the serialized answer.

        Raises:
            PhoenixError: as `IngestSink.take`; OtlpBusyError when it took too long.
        """
        try:
            async with asyncio.timeout(self.limits.take_seconds):
                taken = await self._sink.take(origin, body)
        except TimeoutError as error:
            raise OtlpBusyError("the body was not taken in time") from error
        self.counters.decoded_bytes += len(body)
        if not taken.rejected_points and not taken.message:
            return b""
        self.counters.rejected_points += taken.rejected_points
        partial = ExportMetricsPartialSuccess(rejected_data_points=taken.rejected_points, error_message=taken.message)
        return ExportMetricsServiceResponse(partial_success=partial).SerializeToString()
