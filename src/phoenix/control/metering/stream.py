"""One stream's windows: what is open, what may close, what is late, and what makes a window no evidence.

Pure: no database, no clock but the seconds it is told. The service folds parts in and takes closed windows out.

A window counts only when this run of the meter saw the stream before the window began and the stream went on past its
end. So what an ended process had acknowledged and not stored costs a gap, never a smaller number: the next process is
another run, whose first window is incomplete by this rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from phoenix.control.metering.model import MeteringLimits
from phoenix.core.units import NANOSECONDS
from phoenix.telemetry.window import Part, WindowPlan, merge

BEGAN_INSIDE = "the stream, or the meter, began inside this window"
SILENT = "the stream fell silent inside this window"
METER_CLOSED = "the meter was closed inside this window"
METER_STOPPED = "the meter stopped inside this window"
CLOCK_SET = "the host's clock was set: the stream's time jumped inside this window"
BODY_REFUSED = "a body was refused while the meter was busy and did not come again"
BODY_UNREADABLE = "a body of about this time could not be read"

# More parts than this are merged into one, so that a window of many small bodies stays a few arrays.
_PARTS = 16
_SPOILS = 64
_REFUSED = 1024
# Where a part belongs in its stream's time.
_BEHIND, _HERE, _AHEAD = -1, 0, 1


@dataclass(frozen=True, slots=True)
class Closing:
    """A window of which nothing more is awaited.

    Attributes:
        run: of the stream it was seen in.
        begins_run: the first window of its run: nothing is carried into it.
        part: all of it.
        gap: why it is no evidence; empty when it is.
    """

    run: str
    begins_run: bool
    part: Part
    gap: str


@dataclass(frozen=True, slots=True)
class Late:
    """Points that came for a window closed already."""

    start: int
    points: int


@dataclass(slots=True)
class Folded:
    """What became of a body's parts."""

    closed: list[Closing] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    jumped_points: int = 0
    points: int = 0

    @property
    def late_points(self) -> int:
        """Points rejected because their window is closed."""
        return sum(late.points for late in self.late)


@dataclass(slots=True)
class _Open:
    parts: list[Part]
    rows: int

    def add(self, part: Part, max_series: int) -> int:
        # Returns by how many rows it grew.
        before = self.rows
        self.parts.append(part)
        self.rows += len(part)
        if len(self.parts) > _PARTS:
            self.merged(max_series)
        return self.rows - before

    def merged(self, max_series: int) -> Part:
        whole = merge(self.parts, max_series) if len(self.parts) > 1 else self.parts[0]
        self.parts, self.rows = [whole], len(whole)
        return whole


@dataclass(frozen=True, slots=True)
class _Spoil:
    since: int
    until: int
    why: str


class Stream:
    """The windows of one (experiment, host, arm).

    Args:
        plan: how they are cut.
        limits: of the meter.
        epoch: of the meter's process; runs of the stream are named after it.
        now: seconds of a clock that never goes back.
    """

    def __init__(self, plan: WindowPlan, limits: MeteringLimits, *, epoch: str, now: float) -> None:
        self.plan = plan
        self._limits = limits
        self._epoch, self._run = epoch, 0
        self._lateness = round(limits.lateness_seconds * NANOSECONDS)
        self._heard = now
        self._refused: dict[bytes, _Spoil] = {}
        self.rows = 0
        self._begin()

    def _begin(self) -> None:
        self._run += 1
        self._open: dict[int, _Open] = {}
        self._began: int | None = None
        self._seen: int | None = None
        self._closed_until: int | None = None
        self._first = True
        self._spoils: list[_Spoil] = []
        self._refused.clear()
        self._astray = 0

    @property
    def run(self) -> str:
        """The name of the present run: it ends with the meter's process, or when the host's clock is set."""
        return f"{self._epoch}.{self._run}"

    @property
    def watermark(self) -> int | None:
        """Nanoseconds: nothing before this is awaited any more. None before the first point."""
        return None if self._seen is None else self._seen - self._lateness

    @property
    def open_windows(self) -> int:
        """How many windows are open."""
        return len(self._open)

    @property
    def heard(self) -> float:
        """When a body came last."""
        return self._heard

    def fold(self, parts: Sequence[Part], *, now: float) -> Folded:
        """Take the parts of one body, in the order of their start, and return what closed and what was refused."""
        folded = Folded()
        if parts and self._seen is None:
            self._start(parts)
        places = [self._place(part, now) for part in parts]
        if parts and _HERE not in places:
            self._astray += 1
            if self._astray >= self._limits.jump_bodies:
                folded.closed += self.close(CLOCK_SET)
                self._begin()
                self._start(parts)
                places = [self._place(part, now) for part in parts]
        elif parts:
            self._astray = 0
        self._heard = now
        for part, place in zip(parts, places, strict=True):
            points = int(part.tallies[:, 0].sum())
            if place == _HERE:
                folded.points += points
                self._add(part)
            elif place == _BEHIND:
                folded.late.append(Late(part.start, points))
            else:
                folded.jumped_points += points
        mark = self.watermark
        if mark is not None:
            folded.closed += self._close([start for start in self._open if start + self.plan.width <= mark], "")
        return folded

    def _start(self, parts: Sequence[Part]) -> None:
        # The window with most points says what time it is; a stray point must not.
        seed = max(parts, key=len)
        self._seen = self._began = seed.first_time

    def _place(self, part: Part, now: float) -> int:
        if self._seen is None:
            return _HERE
        allowed = max(self._limits.jump_seconds, 4 * self.plan.seconds) + max(0.0, now - self._heard)
        if part.start > self._seen + allowed * NANOSECONDS:
            return _AHEAD
        awaited = max(self._closed_until or 0, self._seen - self._lateness)
        return _BEHIND if part.start + self.plan.width <= awaited else _HERE

    def _add(self, part: Part) -> None:
        if self._began is None:
            self._began = part.first_time
        self._seen = part.last_time if self._seen is None else max(self._seen, part.last_time)
        held = self._open.setdefault(part.start, _Open([], 0))
        self.rows += held.add(part, self.plan.max_series)

    def close_idle(self, now: float) -> list[Closing]:
        """Return the open windows when the stream has been silent for too long."""
        if not self._open or now - self._heard < max(self._limits.idle_seconds, 3 * self.plan.seconds):
            return []
        closed = self.close(SILENT)
        # What comes next begins inside its window.
        self._began = None
        return closed

    def close(self, why: str) -> list[Closing]:
        """Return the open windows, marked."""
        return self._close(list(self._open), why)

    def _close(self, starts: Iterable[int], why: str) -> list[Closing]:
        closed = []
        for start in sorted(starts):
            held = self._open.pop(start)
            self.rows -= held.rows
            part = held.merged(self.plan.max_series)
            closed.append(Closing(self.run, self._first, part, self._gap(start, why)))
            self._first = False
            self._closed_until = max(self._closed_until or 0, start + self.plan.width)
        self._forget_spoils()
        return closed

    def _gap(self, start: int, why: str) -> str:
        reasons = [why] if why else []
        if self._began is None or self._began >= start:
            reasons.append(BEGAN_INSIDE)
        for spoil in (*self._spoils, *self._refused.values()):
            if spoil.since < start + self.plan.width and spoil.until > start and spoil.why not in reasons:
                reasons.append(spoil.why)
        return "; ".join(reasons)

    def spoil(self, why: str) -> None:
        """Mark the windows that a body which can't be read may have belonged to."""
        spoil = self._spoil(why)
        if spoil is not None:
            self._spoils.append(spoil)
            if len(self._spoils) > _SPOILS:
                first, second = self._spoils[:2]
                joined = _Spoil(min(first.since, second.since), max(first.until, second.until), second.why)
                self._spoils[:2] = [joined]

    def refused(self, digest: bytes) -> None:
        """Note that a body was sent away; unless it comes again, the windows it may belong to are marked."""
        spoil = self._spoil(BODY_REFUSED)
        if spoil is None:
            return
        if len(self._refused) >= _REFUSED:
            self.spoil(BODY_REFUSED)
        else:
            self._refused.setdefault(digest, spoil)

    def accepted(self, digest: bytes) -> None:
        """Note that a body that may have been refused before came again."""
        self._refused.pop(digest, None)

    def _spoil(self, why: str) -> _Spoil | None:
        # A body that comes now has points from the lateness allowed to the window after the newest point.
        if self._seen is None:
            return None
        return _Spoil(self._seen - self._lateness, self._seen + 2 * self.plan.width, why)

    def _forget_spoils(self) -> None:
        until = self._closed_until or 0
        self._spoils = [spoil for spoil in self._spoils if spoil.until > until]
        self._refused = {digest: spoil for digest, spoil in self._refused.items() if spoil.until > until}
