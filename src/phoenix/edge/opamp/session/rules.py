"""The rules of one agent's session, as a state machine without I/O: what a message means and what must be asked for.

A message says only what changed, so a lost one must be noticed: every message has the number after that of the one
before. A first message, or one out of order, that does not hold everything makes the server ask for everything, once:
an answer with that flag to every message would be an endless loop. Source: OpAMP, "sequence_num", "ReportFullState".
"""

from dataclasses import dataclass, replace
from typing import Final

# Over HTTP the answer that asks may be lost, so after this long without a full report it is asked again.
ASK_AGAIN_SECONDS: Final = 60.0
# Two agents with one uid and one credential, over HTTP: their numbers alternate. A retry alone never looks so.
_FLIPS_OF_TWO: Final = 2


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the rules need to know of a message.

    Attributes:
        sequence: its number; 0 is the first of a new process.
        full: it holds everything (the agent's description, which comes in full reports only).
        heartbeats: the agent can send them.
        components: hash of the available components; empty when the message does not speak of them.
        listed: and the components themselves are there.
    """

    sequence: int
    full: bool
    heartbeats: bool = False
    components: bytes = b""
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """What is remembered of an agent between two of its messages.

    Attributes:
        expected: number of the next message; None before the first.
        rival: number that would go on with the stream that the last gap left; None when there was no gap.
        flips: how often the streams have taken turns.
        asked: when everything was asked for and has not come, by the monotonic clock.
        components: hash of the components that are known.
        asked_components: hash of those that were asked for.
        heartbeat_offered: the interval was offered.
    """

    expected: int | None = None
    rival: int | None = None
    flips: int = 0
    asked: float | None = None
    components: bytes = b""
    asked_components: bytes = b""
    heartbeat_offered: bool = False

    def asking(self, now: float) -> "Session":
        """Return the session after everything was asked for for another reason."""
        return replace(self, asked=now)


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from a message.

    Attributes:
        session: as it is now.
        ask_everything: the reply must ask for a full report.
        ask_components: the reply must ask for the components.
        offer_heartbeat: the reply must offer the interval.
        new_process: the agent has just started.
        two_agents: the numbers are those of two agents that take turns.
    """

    session: Session
    ask_everything: bool = False
    ask_components: bool = False
    offer_heartbeat: bool = False
    new_process: bool = False
    two_agents: bool = False


def step(session: Session, spoken: Spoken, now: float) -> Step:
    """Return what follows from a message that was heard at `now`, by the monotonic clock."""
    in_order = session.expected == spoken.sequence
    rival, flips = _rivalry(session, spoken.sequence)
    everything, asked = _everything(session, spoken, now, in_order=in_order)
    components = spoken.components if spoken.listed else session.components
    wanted = b"" if spoken.listed or spoken.components in (b"", components) else spoken.components
    new_process = spoken.sequence == 0
    # A full report brings the components along, so they are not asked for beside it.
    ask_components = bool(wanted) and not everything and wanted != session.asked_components
    offered = session.heartbeat_offered and not new_process
    return Step(
        session=Session(
            expected=spoken.sequence + 1,
            rival=rival,
            flips=flips,
            asked=asked,
            components=components,
            asked_components=wanted if ask_components else session.asked_components,
            heartbeat_offered=offered or spoken.heartbeats,
        ),
        ask_everything=everything,
        ask_components=ask_components,
        offer_heartbeat=spoken.heartbeats and not offered,
        new_process=new_process,
        two_agents=flips >= _FLIPS_OF_TWO,
    )


def _everything(session: Session, spoken: Spoken, now: float, *, in_order: bool) -> tuple[bool, float | None]:
    """Return whether to ask for everything, and since when it is asked for."""
    if spoken.full:
        return False, None
    if session.asked is not None:
        again = now - session.asked >= ASK_AGAIN_SECONDS
        return again, now if again else session.asked
    return (False, None) if in_order else (True, now)


def _rivalry(session: Session, sequence: int) -> tuple[int | None, int]:
    """Return the number that the other stream would go on with, and how often streams have taken turns."""
    if session.expected is None or sequence == session.expected:
        return session.rival, session.flips
    return session.expected, session.flips + 1 if sequence == session.rival else 0
