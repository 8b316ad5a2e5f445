"""What to offer a host next: one pure step from what is known, and what happened, to what is to be done.

The shell in `reconcile` feeds events and does the actions, in their order. Laws, held by property tests: one offer in
flight; what failed on a host is never offered to it again; after a failure the last verified config goes out in the
same step; whatever fails, the host ends at what is desired or at what was verified.

What failed on another host is withheld until it comes again as another revision, unless it runs on this host already: a
config that breaks one host must not walk through the fleet by itself.
"""

from dataclasses import dataclass, replace

from phoenix.control.fleet.model import FailureCode, Phase
from phoenix.control.fleet.rules.track import Event, Joined, Limits, Ref, Status, Track, goal, happened
from phoenix.control.fleet.rules.transitions import (
    CODES,
    TRANSITIONS,
    Effect,
    Happening,
    in_flight,
    running,
)
from phoenix.edge.opamp.agents import ConfigStatus


@dataclass(frozen=True, slots=True)
class Send:
    """Offer a config; `restores`: a host may be dark until then."""

    ref: Ref
    restores: bool


@dataclass(frozen=True, slots=True)
class Refuse:
    """Never offer a config to this host again."""

    digest: str
    code: FailureCode
    text: str


@dataclass(frozen=True, slots=True)
class Prove:
    """Telemetry proves that a config runs and production gets its data."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Repeat:
    """Make a copy of a config with other content and hash, and say so with `Repeated`."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Fail:
    """Note why the desired config does not run on this host."""

    ref: Ref
    code: FailureCode
    text: str


Action = Send | Refuse | Prove | Repeat | Fail


@dataclass(frozen=True, slots=True)
class Advance:
    """The state after an event, and what is to be done, in this order."""

    track: Track
    actions: tuple[Action, ...]


def advance(track: Track, event: Event, now: float, limits: Limits) -> Advance:
    """Return the next state and actions.

    Args:
        track: what is known of the host.
        event: what happened.
        now: seconds by a clock that never goes back.
        limits: how long things may last.
    """
    track, happenings = happened(track, event, now, limits)
    actions: list[Action] = []
    track = _refuse_late(track, event, actions)
    for happening, text in happenings:
        track = _transition(track, happening, text, now, actions)
    return Advance(_plan(track, now, actions), tuple(actions))


def _transition(track: Track, happening: Happening, text: str, now: float, actions: list[Action]) -> Track:
    found, current = TRANSITIONS.get((track.phase, happening)), track.current
    if found is None or current is None:
        return track
    phase, effect = found
    track = replace(track, phase=phase, since=now)
    match effect:
        case Effect.REFUSE:
            actions.append(Refuse(current.digest, CODES[happening], text))
            if current == track.desired:
                actions.append(Fail(current, CODES[happening], text))
            # Its health from before says nothing of a config that failed since.
            return replace(track, refused=track.refused | {current.digest}, recovering=True, healthy=None)
        case Effect.PROVE:
            actions.append(Prove(current))
            return _proved(track, current)
        case Effect.NOTHING:
            return replace(track, recovering=track.recovering and phase is not Phase.APPLIED)


def _refuse_late(track: Track, event: Event, actions: list[Action]) -> Track:
    """Return the state once a failure of something else than the current config was noted: nobody waits for it."""
    if not isinstance(event, Joined | Status) or event.status is not ConfigStatus.FAILED or not event.digest:
        return track
    if event.digest in track.refused or (track.current is not None and track.current.digest == event.digest):
        return track
    actions.append(Refuse(event.digest, FailureCode.REFUSED_BY_HOST, event.text))
    return replace(track, refused=track.refused | {event.digest})


def _proved(track: Track, ref: Ref) -> Track:
    """Return the state once `ref` is proved: a steady one is what failures bring back from now on."""
    track = replace(track, proved=ref, repeats=0, repeat_at=0.0, recovering=False, failing_since=None)
    if not ref.steady:
        return track
    wanted_again = track.desired is not None and track.desired in track.base and not track.usable(track.desired)
    return replace(track, verified=ref, substitute=None, desired=ref if wanted_again else track.desired)


def _plan(track: Track, now: float, actions: list[Action]) -> Track:
    """Return the state after what is to be offered now was, and add that to `actions`."""
    track = _note_withheld(track, actions)
    if not track.joined or in_flight(track.phase) or track.repeating or now < track.not_before:
        return track
    target = goal(track)
    if target is None:
        return _repeat(track, now, actions)
    if (target == track.current and running(track.phase)) or not track.fits(target):
        return track
    track = replace(track, current=target, since=now, proved=None, failing_since=None)
    if track.runs(target):
        # It has this very config and said so: it would not answer the same one again (trap 10).
        return replace(track, phase=TRANSITIONS[Phase.NONE, Happening.APPLIED][0], recovering=False)
    actions.append(Send(target, restores=track.recovering))
    return replace(track, phase=TRANSITIONS[track.phase, Happening.SENT][0], said=None, healthy=None)


def _note_withheld(track: Track, actions: list[Action]) -> Track:
    wanted = track.desired
    if wanted is None or wanted.digest == track.noted or (track.usable(wanted) and track.fits(wanted)):
        return track
    if not track.fits(wanted):
        actions.append(Fail(wanted, FailureCode.INCOMPATIBLE, track.unfit[wanted.digest]))
    elif wanted.digest not in track.refused:
        actions.append(Fail(wanted, FailureCode.FAILED_ELSEWHERE, track.elsewhere[wanted.digest]))
    elif wanted != track.current:
        text = "this very config failed on this host before; it is never offered again"
        actions.append(Fail(wanted, FailureCode.REFUSED_BY_HOST, text))
    return replace(track, noted=wanted.digest)


def _repeat(track: Track, now: float, actions: list[Action]) -> Track:
    """Ask for the last good config under another hash, the first time at once, then ever more slowly."""
    source = track.verified or track.fallback
    settled = running(track.phase) or track.turned_live
    if source is None or now < track.repeat_at or (settled and track.current in (track.desired, *track.base)):
        return track
    actions.append(Repeat(source))
    return replace(track, repeating=True)
