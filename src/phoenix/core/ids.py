"""Names of things that the control plane makes: unique without asking anyone, and in the order they were made.

An id is a prefix that says what it names, the milliseconds of its making and 60 random bits, both in Crockford's base
32 in lower case, so it can stand in a URL, a file name and a label: `exp-01kdz4x8m2q3v7c9t0w1y2`.
"""

import secrets
from datetime import datetime
from typing import Final, NewType

HostId = NewType("HostId", str)
ExperimentId = NewType("ExperimentId", str)
PipelineVersionId = NewType("PipelineVersionId", str)
# A config revision: the marker that a generated config carries in its telemetry resource and in the meter's paths.
RevisionId = NewType("RevisionId", str)
PrincipalId = NewType("PrincipalId", str)

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_DIGITS: Final = 10
_RANDOM_DIGITS: Final = 12


def new_id(prefix: str, now: datetime) -> str:
    """Return a new id of the kind `prefix`: `host`, `exp`, `rev`, `pv`, `usr` ..."""
    return (
        f"{prefix}-{_digits(int(now.timestamp() * 1000), _TIME_DIGITS)}{_digits(secrets.randbits(60), _RANDOM_DIGITS)}"
    )


def _digits(value: int, count: int) -> str:
    return "".join(_ALPHABET[value >> 5 * place & 31] for place in reversed(range(count)))
