"""How far an offered config may come, in one table: what happened, in which phase, leads where and asks for what.

What is not in the table changes nothing. Source: facts on the stock supervisor, whose traps are numbered there.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from phoenix.control.fleet.model import FailureCode, Phase


class Happening(StrEnum):
    """What can happen to the config that was offered last."""

    SENT = "sent"
    UNDELIVERED = "undelivered"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    LIMIT = "limit"
    CRASH_LOOP = "crash_loop"
    EXPORTER_FAILING = "exporter_failing"
    DRIFTED = "drifted"
    PROVED = "proved"


class Effect(StrEnum):
    """What a transition asks for, besides the new phase."""

    NOTHING = "nothing"
    REFUSE = "refuse"
    PROVE = "prove"


_IN_FLIGHT: Final = (Phase.OFFERED, Phase.APPLYING)
_RUNNING: Final = (Phase.APPLIED, Phase.PROVED)
_ENDED: Final = (Phase.FAILED, Phase.TIMED_OUT)

TRANSITIONS: Final[Mapping[tuple[Phase, Happening], tuple[Phase, Effect]]] = {
    # One offer in flight: nothing is sent before the last one has ended (trap 11).
    **{(phase, Happening.SENT): (Phase.OFFERED, Effect.NOTHING) for phase in (Phase.NONE, *_RUNNING, *_ENDED)},
    # The agent came back and does not know the config: it never arrived, or the supervisor lost its storage.
    **{(phase, Happening.UNDELIVERED): (Phase.NONE, Effect.NOTHING) for phase in (*_IN_FLIGHT, *_RUNNING)},
    **{(phase, Happening.APPLYING): (Phase.APPLYING, Effect.NOTHING) for phase in (Phase.NONE, Phase.OFFERED)},
    # NONE: what runs already need not be sent (an agent does not answer what it has, trap 10).
    **{(phase, Happening.APPLIED): (Phase.APPLIED, Effect.NOTHING) for phase in (Phase.NONE, *_IN_FLIGHT)},
    # A supervisor that restarts says FAILED of a config that it said APPLIED of before.
    **{(phase, Happening.FAILED): (Phase.FAILED, Effect.REFUSE) for phase in (Phase.NONE, *_IN_FLIGHT, *_RUNNING)},
    **{(phase, Happening.LIMIT): (Phase.TIMED_OUT, Effect.REFUSE) for phase in _IN_FLIGHT},
    # APPLIED is not proof, and what was proved can crash later: then only the health changes (traps 6, 8).
    **{(phase, Happening.CRASH_LOOP): (Phase.FAILED, Effect.REFUSE) for phase in _RUNNING},
    **{(phase, Happening.DRIFTED): (Phase.FAILED, Effect.REFUSE) for phase in _RUNNING},
    # An exporter that fails later, when it worked before, is no fault of the config.
    (Phase.APPLIED, Happening.EXPORTER_FAILING): (Phase.FAILED, Effect.REFUSE),
    (Phase.APPLIED, Happening.PROVED): (Phase.PROVED, Effect.PROVE),
    # FAILED may turn live without a word (trap 8): the busy port was freed, and the supervisor tried again.
    **{(phase, Happening.PROVED): (Phase.PROVED, Effect.PROVE) for phase in _ENDED},
}

CODES: Final[Mapping[Happening, FailureCode]] = {
    Happening.FAILED: FailureCode.REFUSED_BY_HOST,
    Happening.LIMIT: FailureCode.TIMED_OUT,
    Happening.CRASH_LOOP: FailureCode.CRASH_LOOP,
    Happening.DRIFTED: FailureCode.DRIFTED,
    Happening.EXPORTER_FAILING: FailureCode.EXPORTER_FAILING,
}


def in_flight(phase: Phase) -> bool:
    """Return whether an offer waits for its end."""
    return phase in _IN_FLIGHT


def running(phase: Phase) -> bool:
    """Return whether the host said that it runs what was offered."""
    return phase in _RUNNING
