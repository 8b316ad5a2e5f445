"""What is known of one host's configs, what can happen to them, and which one should run. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from phoenix.control.fleet.model import Phase
from phoenix.control.fleet.rules.transitions import Happening, in_flight, running
from phoenix.core.ids import RevisionId
from phoenix.edge.opamp.agents import ConfigStatus


@dataclass(frozen=True, slots=True)
class Ref:
    """A config as far as offers need to know it."""

    id: RevisionId
    digest: str
    steady: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may last, in seconds.

    Attributes:
        offer: from the offer, or the agent's APPLYING, to its end. Longer than the wire keeps a second offer back, and
            than `config_apply_timeout` of a slow host.
        poll: on top of it for an agent that polls: the offer waits for the poll.
        drift: how long another effective config is tolerated: a restart reports the old one first (trap 7).
        unmarked: how long an applied config may run under none of our markers before it was ever proved. A supervisor
            that gets its first offer while it starts may say APPLIED and run its collector without it.
        failing: how long a production exporter may fail before the config counts as failed.
        resend: after an offer that could not be sent.
        repeat: between two copies of a config that fails; doubles up to `repeat_most`.
    """

    offer: float = 30.0
    poll: float = 45.0
    drift: float = 60.0
    unmarked: float = 20.0
    failing: float = 60.0
    resend: float = 1.0
    repeat: float = 5.0
    repeat_most: float = 600.0


@dataclass(frozen=True, slots=True)
class Track:
    """The state of one host's offers.

    Attributes:
        desired: what should run.
        current: what was offered last; `phase` says how far it has come, `since` when.
        proved: what telemetry proves to run now.
        verified: the steady config proved last; `fallback` takes its place before there is one; `substitute` is a copy
            of either under another hash, after it failed.
        refused: digests that failed on this host.
        elsewhere: digests that failed on another host, and why.
        unfit: digests that this host's collector cannot run, and why.
        joined: the agent is connected and has said everything once.
        said: what the agent said of a config last, since the last offer.
        effective: the revision that the collector says it runs, and since when; None when it does not say, or says a
            config without a marker (then it is `told`).
        healthy: what the agent has said since the last offer, or its failure.
        recovering: something failed; the last good config goes first.
        repeating: a copy is being made; `repeats` were since something was proved, the next not before `repeat_at`.
        failing_since: a production exporter has failed since then.
        not_before: the next offer waits until then: the last could not be sent.
        noted: digest of the desired config that was said to be withheld.
    """

    desired: Ref | None = None
    current: Ref | None = None
    phase: Phase = Phase.NONE
    since: float = 0.0
    proved: Ref | None = None
    verified: Ref | None = None
    fallback: Ref | None = None
    substitute: Ref | None = None
    refused: frozenset[str] = frozenset()
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    unfit: Mapping[str, str] = field(default_factory=dict)
    joined: bool = False
    polls: bool = False
    said: tuple[ConfigStatus, str] | None = None
    effective: RevisionId | None = None
    effective_since: float = 0.0
    told: bool = False
    healthy: bool | None = None
    recovering: bool = False
    repeating: bool = False
    repeats: int = 0
    repeat_at: float = 0.0
    failing_since: float | None = None
    not_before: float = 0.0
    noted: str = ""

    @property
    def base(self) -> tuple[Ref, ...]:
        """What failures bring back, the first that can be offered."""
        return tuple(ref for ref in (self.verified or self.fallback, self.substitute) if ref is not None)

    @property
    def turned_live(self) -> bool:
        """Whether what was offered last failed and yet runs by now (trap 8)."""
        return self.current is not None and self.effective == self.current.id and self.healthy is True

    def usable(self, ref: Ref) -> bool:
        """Return whether `ref` may run: it failed nowhere, or elsewhere only and runs or was proved here."""
        if ref.digest in self.refused:
            return False
        runs = ref == self.current and running(self.phase)
        return runs or ref.digest not in self.elsewhere or ref in (self.verified, self.substitute)

    def fits(self, ref: Ref) -> bool:
        """Return whether this host's collector can run `ref`."""
        return ref.digest not in self.unfit

    def runs(self, ref: Ref) -> bool:
        """Return whether the agent says that it has applied `ref`, and nothing was offered since."""
        return self.said == (ConfigStatus.APPLIED, ref.digest)


def goal(track: Track) -> Ref | None:
    """Return what should be offered, if it is not running yet; None when everything failed and a copy is needed."""
    wanted = (track.desired,) if track.desired is not None and track.usable(track.desired) else ()
    good = tuple(ref for ref in track.base if track.usable(ref))
    return next(iter((*good, *wanted) if track.recovering else (*wanted, *good)), None)


@dataclass(frozen=True, slots=True)
class Joined:
    """The agent is connected and said everything: what became of the config it was offered last, or None."""

    status: ConfigStatus | None
    digest: str
    text: str = ""
    polls: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """The agent is gone."""


@dataclass(frozen=True, slots=True)
class Status:
    """The agent says something of a config."""

    status: ConfigStatus
    digest: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Effective:
    """The collector says which revision it runs; None when its config carries no marker."""

    revision: RevisionId | None


@dataclass(frozen=True, slots=True)
class HealthSeen:
    """What the agent says of the collector, undebounced; `looping`: it crashed again and again (text: its words)."""

    healthy: bool
    looping: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something else is desired, or what may be offered changed."""

    desired: Ref | None
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    unfit: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A copy was made; `copy` is None when it could not be."""

    source: Ref
    copy: Ref | None


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What telemetry says of the current config: proved, or a production exporter that fails (text: which, why)."""

    revision: RevisionId
    proved: bool
    failing: str = ""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The offer could not be sent."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time went by; the agent was heard last at `heard_at`."""

    heard_at: float


Event = Joined | Left | Status | Effective | HealthSeen | Wanted | Repeated | Telemetry | Undelivered | Tick
_Happenings = list[tuple[Happening, str]]
_OF_STATUS = {
    ConfigStatus.APPLYING: Happening.APPLYING,
    ConfigStatus.APPLIED: Happening.APPLIED,
    ConfigStatus.FAILED: Happening.FAILED,
}


def happened(track: Track, event: Event, now: float, limits: Limits) -> tuple[Track, _Happenings]:
    """Return what an event says of the host, and what it means for the config offered last."""
    match event:
        case Joined():
            return _joined(track, event, now)
        case Left():
            return replace(track, joined=False, said=None), []
        case Status():
            return _status(track, event)
        case Effective(revision):
            since = track.effective_since if revision == track.effective else now
            return replace(track, effective=revision, effective_since=since, told=True), []
        case HealthSeen(healthy, looping, text):
            return replace(track, healthy=healthy), [(Happening.CRASH_LOOP, text)] if looping else []
        case Wanted(desired, elsewhere, unfit):
            return replace(track, desired=desired, elsewhere=elsewhere, unfit=unfit, noted=""), []
        case Repeated(source, copy):
            return _repeated(track, source, copy, now, limits), []
        case Telemetry():
            return _telemetry(track, event, now, limits)
        case Undelivered():
            return replace(track, not_before=now + limits.resend), [(Happening.UNDELIVERED, "")]
        case Tick(heard_at):
            return track, list(_timed(track, heard_at, now, limits))


def _joined(track: Track, event: Joined, now: float) -> tuple[Track, _Happenings]:
    said = None if event.status is None else (event.status, event.digest)
    track = replace(
        track, joined=True, polls=event.polls, said=said, since=now, effective=None, told=False, healthy=None
    )
    if track.current is None:
        return track, []
    if said is not None and event.digest == track.current.digest and event.status in _OF_STATUS:
        return track, [(_OF_STATUS[event.status], event.text)]
    return track, [(Happening.UNDELIVERED, "")]


def _status(track: Track, event: Status) -> tuple[Track, _Happenings]:
    """Return what a status means: only what is said of the current config can end its offer."""
    if track.current is None or event.digest != track.current.digest or event.status not in _OF_STATUS:
        return track, []
    track = replace(track, said=(event.status, event.digest))
    return track, [(_OF_STATUS[event.status], event.text)]


def _repeated(track: Track, source: Ref, copy: Ref | None, now: float, limits: Limits) -> Track:
    wait = min(limits.repeat * 2**track.repeats, limits.repeat_most)
    track = replace(track, repeating=False, repeats=min(track.repeats + 1, 16), repeat_at=now + wait)
    if copy is None:
        return track
    same_document = track.desired in (source, track.substitute)
    return replace(track, substitute=copy, desired=copy if same_document else track.desired)


def _telemetry(track: Track, event: Telemetry, now: float, limits: Limits) -> tuple[Track, _Happenings]:
    if track.current is None or event.revision != track.current.id:
        return track, []
    if event.proved:
        return replace(track, failing_since=None), [(Happening.PROVED, "")]
    if not event.failing:
        return replace(track, failing_since=None), []
    since = now if track.failing_since is None else track.failing_since
    # What is brought back anyway is not failed for it: there is nothing better to run.
    lasting = now - since >= limits.failing and track.current not in track.base
    track = replace(track, failing_since=since)
    return track, [(Happening.EXPORTER_FAILING, event.failing)] if lasting else []


def _timed(track: Track, heard_at: float, now: float, limits: Limits) -> Iterator[tuple[Happening, str]]:
    """Yield what has lasted too long."""
    if track.current is None or not track.joined:
        return
    waited = now - track.since
    most = limits.offer + (limits.poll if track.polls else 0.0)
    # An agent that was not heard since may not have got it: its silence is found elsewhere, and ends the connection.
    if in_flight(track.phase) and waited >= most and heard_at > track.since:
        if track.turned_live:
            yield Happening.APPLIED, ""
        else:
            yield Happening.LIMIT, f"no answer in {most:g} s"
    differs = track.effective is not None and track.effective != track.current.id
    lasting = now - max(track.effective_since, track.since) >= limits.drift
    if running(track.phase) and differs and lasting and track.healthy is not False:
        yield Happening.DRIFTED, f"it runs {track.effective}"
    unmarked = track.told and track.effective is None and track.phase is Phase.APPLIED
    if unmarked and waited >= limits.unmarked and track.healthy is not False:
        yield Happening.DRIFTED, "it says that it applied the config and runs another one, which is not from here"
