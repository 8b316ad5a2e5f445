"""Errors of this room."""

from phoenix.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError, UnavailableError


class TelemetryInvalidError(InvalidError):
    """Bytes that should be OTLP metrics are malformed."""

    code = "TELEMETRY_INVALID"
    user_action = "Check that the input is OTLP metrics and complete; record or export it again if it was cut short."


class TelemetryTooLargeError(InvalidError):
    """A capture would exceed what its columns can number or hold."""

    code = "TELEMETRY_TOO_LARGE"
    user_action = "Split the recording into shorter ones."


class CaptureCorruptError(InvalidError):
    """A stored capture, or one made by code, contradicts itself, or a part of it is missing or was altered."""

    code = "CAPTURE_CORRUPT"
    user_action = "Restore the capture's folder from a copy, or record it again."


class CaptureVersionError(InvalidError):
    """A stored capture has a format that this version of Phoenix does not know."""

    code = "CAPTURE_VERSION_UNKNOWN"
    user_action = "Install the version of Phoenix that wrote the capture, or a newer one."


class CaptureNotFoundError(NotFoundError):
    """There is no capture at the place named."""

    code = "CAPTURE_NOT_FOUND"
    user_action = "Check the path; a capture is a folder that holds capture.json."


class CaptureExistsError(ConflictError):
    """Something stands where a capture is to be written."""

    code = "CAPTURE_EXISTS"
    user_action = "Choose another path, or remove what is there."


class CaptureDeniedError(DeniedError):
    """A capture may not be read or written at the place named."""

    code = "CAPTURE_DENIED"
    user_action = "Choose a folder that you may read and write, or change its permissions."


class CaptureUnwritableError(UnavailableError):
    """The file system failed while a capture was read or written, a full disk for example."""

    code = "CAPTURE_STORAGE_FAILED"
    user_action = "Free space on the disk, or choose another place, and try again."
