r"""The named patterns that `grok` knows: the simple ones that most configs use, written from what each must match.

A pattern that is part of another shows as a key of its own in the result, so parts are named as the collector names
them. Where two alternatives fit, Go takes the first, so their order counts. What the collector's library knows beyond
these (IP, URI, the formats of web servers and firewalls) `grok` refuses by name.
"""

from collections.abc import Mapping
from typing import Final

_DIGITS: Final = "[0-9]"
_LETTER_OR_DIGIT: Final = "[0-9A-Za-z]"
_HEX: Final = "[0-9A-Fa-f]"
# A number up to 255, with or without leading zeros.
_OCTET: Final = rf"(?:25[0-5]|2[0-4]{_DIGITS}|[01]?{_DIGITS}{{1,2}})"
_LABEL: Final = rf"{_LETTER_OR_DIGIT}(?:{_LETTER_OR_DIGIT}|-){{0,62}}"
# A month or day in full, or its first three letters.
_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LEVELS: Final = (
    *("alert", "trace", "debug", "notice", "info(?:rmation)?", "warn(?:ing)?", "err(?:or)?", "crit(?:ical)?"),
    *("fatal", "severe", "emerg(?:ency)?"),
)


def _one_of(*words: str) -> str:
    # A whole word, in full or cut to three letters.
    return rf"\b(?:{'|'.join(word[:3] + (f'(?:{word[3:]})?' if word[3:] else '') for word in words)})\b"


PATTERNS: Final[Mapping[str, str]] = {
    "WORD": r"\b\w+\b",
    "SPACE": r"\s*",
    "NOTSPACE": r"\S+",
    "DATA": ".*?",
    "GREEDYDATA": ".*",
    "QUOTEDSTRING": "|".join(rf"{quote}(?:[^{quote}\\]|\\.)*{quote}" for quote in ('"', "'")),
    "QS": "%{QUOTEDSTRING}",
    "BOOL": "true|false",
    "INT": rf"[+-]?{_DIGITS}+",
    "POSINT": rf"\b[1-9]{_DIGITS}*\b",
    "NONNEGINT": rf"\b{_DIGITS}+\b",
    "BASE10NUM": rf"[+-]?{_DIGITS}+(?:\.{_DIGITS}+)?|\.{_DIGITS}+",
    "NUMBER": "%{BASE10NUM}",
    "BASE16NUM": rf"[+-]?(?:0x)?{_HEX}+",
    "UUID": rf"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}",
    "IPV4": rf"{_OCTET}(?:\.{_OCTET}){{3}}",
    "HOSTNAME": rf"\b{_LABEL}(?:\.{_LABEL})*\.?",
    "USERNAME": rf"(?:{_LETTER_OR_DIGIT}|[._-])+",
    "USER": "%{USERNAME}",
    "LOGLEVEL": f"(?i:{'|'.join(_LEVELS)})",
    "MONTH": _one_of(*_MONTHS, "November", "December"),
    "MONTHNUM": "0[1-9]|1[0-2]",
    "MONTHDAY": f"0[1-9]|[12]{_DIGITS}|3[01]|[1-9]",
    "DAY": _one_of(*_DAYS),
    "YEAR": r"\d\d(?:\d\d)?",
    "HOUR": f"2[0-3]|[01]?{_DIGITS}",
    "MINUTE": f"[0-5]{_DIGITS}",
    # A minute can have a second more.
    "SECOND": f"(?:[0-5]{_DIGITS}|60)(?:[:.,]{_DIGITS}+)?",
    "TIME": "%{HOUR}:%{MINUTE}(?::%{SECOND})?",
    "ISO8601_TIMEZONE": "Z|[+-]%{HOUR}:?%{MINUTE}",
    "TIMESTAMP_ISO8601": ("%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?%{ISO8601_TIMEZONE}?"),
}
