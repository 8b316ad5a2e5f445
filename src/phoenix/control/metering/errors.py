"""Errors of the meter."""

from phoenix.core.errors import InvalidError, UnavailableError


class StreamUnknownError(InvalidError):
    """Telemetry came for an experiment or arm that no meter is open for; sending it again is of no use."""

    code = "METER_STREAM_UNKNOWN"
    user_action = "Nothing to do if the experiment has ended; else look at the experiment with phoenix experiment get."


class BodyUnreadableError(InvalidError):
    """A body ended or hung the process that read it, twice."""

    code = "METER_BODY_UNREADABLE"
    user_action = "Keep the body and report it; the windows it belongs to are marked and do not count."


class MeterBusyError(UnavailableError):
    """The meter is at one of its limits, or is starting or stopping; the sender should try again."""

    code = "METER_BUSY"
    user_action = "Wait; collectors try again by themselves. If it stays, meter fewer hosts or raise the limit named."
