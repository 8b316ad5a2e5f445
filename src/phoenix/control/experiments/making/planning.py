"""What an experiment would do before it does anything: which hosts, what restarts, what the copy costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.claims import service as claims
from phoenix.control.claims.model import Claim, ClaimKind
from phoenix.control.experiments.errors import CriticalUnmatchedError, NodesNotFoundError
from phoenix.control.experiments.making.composing import PLANNED, prepare
from phoenix.control.experiments.making.pacing import check_window
from phoenix.control.experiments.making.warnings import warnings
from phoenix.control.experiments.model import Design, Participant
from phoenix.control.experiments.repository import ExperimentRepository
from phoenix.control.experiments.rooms import Rooms
from phoenix.control.fleet.model import Host, HostState
from phoenix.control.fleet.selector import Selector
from phoenix.core.ids import HostId
from phoenix.core.units import NANOSECONDS
from phoenix.telemetry.processes import EXECUTABLE_NAME, ProcessPattern

_RESTARTS: Final = (
    "The collector of each host restarts once at the start and once at the end: every signal of it pauses for a "
    "moment, and processors begin with no memory in both arms."
)
_TAKES_PART: Final = frozenset({HostState.CONNECTED})


@dataclass(frozen=True, slots=True)
class Selected:
    """The hosts that a selector means: those that can take part, and the others with the reason, by name."""

    hosts: tuple[Host, ...]
    left_out: Mapping[str, str]

    @property
    def participants(self) -> tuple[Participant, ...]:
        """The hosts as they take part in a first attempt."""
        return tuple(Participant(host.id, host.name) for host in self.hosts)


@dataclass(frozen=True, slots=True)
class CopyCost:
    """What a host sends besides, while the experiment runs; None where nothing is known of it yet.

    Attributes:
        points_per_second: of both arms together, at most: as many as its receivers take, twice.
        bytes_per_second: of the same, uncompressed, by what a point took in its last experiment.
    """

    points_per_second: float | None
    bytes_per_second: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen.

    Attributes:
        critical: for each pattern the executables known to match on any of the hosts; None when no window is known.
        claimed: the hosts that something else has claimed.
    """

    design: Design
    selected: Selected
    restarts: str
    unpaired: tuple[str, ...]
    notes: tuple[str, ...]
    copy_cost: Mapping[HostId, CopyCost]
    critical: Mapping[str, tuple[str, ...] | None]
    claimed: tuple[Claim, ...]


async def select_hosts(rooms: Rooms, session: AsyncSession, target_nodes: str) -> Selected:
    """Return the hosts that can take part.

    Raises:
        SelectorInvalidError: the selector cannot be read.
        NodesNotFoundError: no host can; the message says what is in the way.
    """
    found = await rooms.fleet.hosts(session, Selector.parse(target_nodes))
    left_out = {host.name: why for host in found if (why := _why_not(host))}
    taking = tuple(host for host in found if host.name not in left_out)
    if not taking:
        others = "; ".join(f"{name}: {why}" for name, why in left_out.items())
        problem = f"no host that can take part matches {target_nodes!r}"
        raise NodesNotFoundError(f"{problem} ({others})" if others else problem, selector=target_nodes, hosts=left_out)
    return Selected(taking, left_out)


async def plan(rooms: Rooms, session: AsyncSession, design: Design, *, now: datetime) -> Plan:
    """Return what would happen, after everything that can be checked is checked.

    Raises:
        NodesNotFoundError, SelectorInvalidError: as `select_hosts`.
        CriticalUnmatchedError: a critical pattern matches nothing known, and may not.
        ExperimentInvalidError: a window is narrower than the time in which a component lets points out once.
        ComposeError, ConfigRefusedError: the two pipelines cannot be one config that the collector accepts.
    """
    selected = await select_hosts(rooms, session, design.target_nodes)
    prepared = await prepare(rooms, session, design, experiment=PLANNED, now=now)
    check_window(design, prepared.composed.text)
    ids = [host.id for host in selected.hosts]
    executables, point_bytes = await _last_windows(rooms, session, ids)
    critical = {text: _matches(text, executables) for text in design.critical}
    unmatched = [text for text, matches in critical.items() if matches == ()]
    if unmatched and not design.allow_unmatched:
        raise CriticalUnmatchedError(
            f"no process known of the hosts matches {', '.join(map(repr, unmatched))}", patterns=unmatched
        )
    rates = await _accepted_per_second(rooms, session, ids, now)
    return Plan(
        design=design,
        selected=selected,
        restarts=_RESTARTS,
        unpaired=prepared.composed.unpaired,
        notes=(*await warnings(rooms, session, selected.hosts, prepared), *prepared.composed.notes),
        copy_cost={host: _copy(rate, point_bytes) for host, rate in rates.items()},
        critical=critical,
        claimed=await claims.holders(session, ids, ClaimKind.EXPERIMENT),
    )


def _why_not(host: Host) -> str:
    """Return why a host cannot take part; empty when it can."""
    if host.state in _TAKES_PART:
        # It would have nothing to go back to.
        unproved = "its own config is not proved yet: `phoenix doctor` says what is missing"
        return "" if host.verified is not None else f"{host.state.value}, but {unproved}"
    if host.reason:
        return f"{host.state.value}: {host.reason}"
    seen = f", last heard {host.last_seen:%Y-%m-%d %H:%M:%S} UTC" if host.last_seen else ", never heard"
    return f"{host.state.value}{seen}"


def _copy(points_per_second: float | None, point_bytes: float | None) -> CopyCost:
    if points_per_second is None:
        return CopyCost(None, None)
    both = 2 * points_per_second
    return CopyCost(both, None if point_bytes is None else both * point_bytes)


async def _accepted_per_second(
    rooms: Rooms, session: AsyncSession, hosts: Sequence[HostId], now: datetime
) -> dict[HostId, float | None]:
    """Return the points a second that each host's receivers took since its collector's latest start."""
    since = round((now - timedelta(seconds=rooms.limits.before_seconds)).timestamp() * NANOSECONDS)
    latest = await rooms.metering.latest_readings(session, hosts, since)
    return {host: _rate(latest.get(host)) for host in hosts}


def _rate(last: OwnReading | None) -> float | None:
    if last is None or not last.uptime_seconds:
        return None
    return sum(counts.accepted for counts in last.receivers.values()) / last.uptime_seconds


async def _last_windows(
    rooms: Rooms, session: AsyncSession, hosts: Sequence[HostId]
) -> tuple[frozenset[str] | None, float | None]:
    """Return the executables of all of the hosts, and the bytes of a point, in the latest experiment of any of them."""
    own = frozenset(hosts)
    for experiment in await ExperimentRepository(session).latest_on(hosts):
        windows = await rooms.metering.windows(session, experiment, 0)
        known = [window for (host, _, _), window in windows.items() if host in own and window.points]
        if known:
            # Of a host that was not in it nobody knows what runs there.
            seen = {host for (host, _, _), window in windows.items() if window.points}
            names = frozenset(name for window in known for name in window.processes) if seen >= set(hosts) else None
            return names, sum(window.otlp_bytes for window in known) / sum(window.points for window in known)
    return None, None


def _matches(text: str, executables: frozenset[str] | None) -> tuple[str, ...] | None:
    pattern = ProcessPattern.parse(text)
    if executables is None or pattern.attribute != EXECUTABLE_NAME:
        return None
    return tuple(sorted(name for name in executables if pattern.matches({EXECUTABLE_NAME: name})))


def plan_document(made: Plan) -> dict[str, Any]:
    """Return the JSON form of a plan."""
    return {
        "hosts": [{"id": host.id, "name": host.name, "state": host.state.value} for host in made.selected.hosts],
        "left_out": dict(made.selected.left_out),
        "restarts": made.restarts,
        "unpaired": list(made.unpaired),
        "notes": list(made.notes),
        "copy": {
            host: {"points_per_second": cost.points_per_second, "bytes_per_second": cost.bytes_per_second}
            for host, cost in made.copy_cost.items()
        },
        "critical_processes": {
            text: None if matches is None else list(matches) for text, matches in made.critical.items()
        },
        "claimed": [{"host": claim.host_id, "owner": claim.owner} for claim in made.claimed],
    }
