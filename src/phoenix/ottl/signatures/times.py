"""Converters over times and durations."""

from typing import Final

from phoenix.ottl.signatures.declaring import declare, needed, optional
from phoenix.ottl.signatures.formats import time_format, time_format_and_place
from phoenix.ottl.signatures.signature import Kind, Signature

_OF_TIME: Final = (
    *("Day", "Hour", "Minute", "Month", "Nanosecond", "Second", "Weekday", "Year"),
    *("UnixMicro", "UnixMilli", "UnixNano", "UnixSeconds"),
)
_OF_DURATION: Final = ("Hours", "Microseconds", "Milliseconds", "Minutes", "Nanoseconds", "Seconds")

SIGNATURES: Final = (
    declare("Duration", needed("duration", Kind.STRING)),
    declare(
        "FormatTime",
        needed("time", Kind.TIME),
        needed("format", Kind.STRING_LITERAL),
        check=time_format("format"),
    ),
    Signature("Now", takes_anything=True),
    declare(
        "Time",
        needed("time", Kind.STRING),
        needed("format", Kind.STRING_LITERAL),
        optional("location", Kind.STRING_LITERAL),
        optional("locale", Kind.STRING_LITERAL),
        check=time_format_and_place("format", "location", "locale"),
    ),
    declare("TruncateTime", needed("time", Kind.TIME), needed("duration", Kind.DURATION)),
    declare("Unix", needed("seconds", Kind.INT), optional("nanoseconds", Kind.INT)),
    *(declare(name, needed("time", Kind.TIME)) for name in _OF_TIME),
    *(declare(name, needed("duration", Kind.DURATION)) for name in _OF_DURATION),
)
