"""What can go wrong while recording."""

from phoenix.core.errors import InvalidError, UnavailableError


class RecordingTimeInvalidError(InvalidError):
    """The length or the interval of a recording is out of range."""

    code = "RECORD_TIME_INVALID"
    user_action = "Give an interval of 0.1 s to an hour and a length of at least one interval and at most a day."


class RecordingFailedError(UnavailableError):
    """The collector ended while it was to record; the message is its own."""

    code = "RECORD_COLLECTOR_ENDED"
    user_action = "Read the collector's message; a missing component means that another collector is needed."


class NothingRecordedError(UnavailableError):
    """The collector ran and delivered nothing in time, or nothing but empty scrapes."""

    code = "RECORD_NOTHING_RECORDED"
    user_action = "Check the receiver's scrapers and filters, and whether this user may read /proc."


class RecordingGarbledError(UnavailableError):
    """What the collector wrote is not the file exporter's format."""

    code = "RECORD_GARBLED"
    user_action = "Use a stock collector of version 0.155 or later; if this one is stock, report it."
