"""What can be wrong with a request to the OTLP ingest, before any feature sees it."""

from phoenix.core.errors import DeniedError, InvalidError, NotFoundError, UnavailableError


class OtlpPathError(NotFoundError):
    """There is no ingest at this path, or the metadata names no stream."""

    code = "OTLP_PATH_UNKNOWN"
    user_action = "Send to /otlp/EXPERIMENT/ARM/REVISION/v1/metrics or /otlp/own/v1/metrics, as generated configs do."


class OtlpMethodError(InvalidError):
    """The ingest is posted to, and nothing else."""

    code = "OTLP_METHOD_NOT_ALLOWED"
    user_action = "Use POST."


class OtlpMediaTypeError(InvalidError):
    """The body is not protobuf: JSON is not taken."""

    code = "OTLP_MEDIA_TYPE_UNKNOWN"
    user_action = "Send application/x-protobuf; in a collector set encoding: proto, which is the default."


class OtlpEncodingError(InvalidError):
    """The body's compression is not known, or the body is not what it says."""

    code = "OTLP_ENCODING_INVALID"
    user_action = "Send gzip, zstd or no compression."


class OtlpTooLargeError(InvalidError):
    """A body is larger than the ingest takes, as sent or once decompressed."""

    code = "OTLP_BODY_TOO_LARGE"
    user_action = "Send smaller requests: in a collector set the exporter's sending_queue batch max_size."


class OtlpSlowError(InvalidError):
    """A body did not arrive in time, or the sender went away."""

    code = "OTLP_BODY_SLOW"
    user_action = "Check the network between collector and server."


class OtlpTokenError(DeniedError):
    """The request carries no bearer token."""

    code = "OTLP_TOKEN_MISSING"
    user_action = "Send authorization: Bearer TOKEN with the credential of the host."


class OtlpPrincipalError(DeniedError):
    """The token is not of a host: only hosts send telemetry."""

    code = "OTLP_PRINCIPAL_NOT_HOST"
    user_action = "Use the credential that the host got at its enrolment."


class OtlpBusyError(UnavailableError):
    """Too much is being read at once, or the meter did not take the body in time."""

    code = "OTLP_BUSY"
    user_action = "Wait; collectors try again by themselves."
