"""The collectors' own metrics: the newest reading of each host in memory, and enough of them in the database."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.core.ids import HostId


@dataclass(slots=True)
class _Kept:
    latest: OwnReading
    stored: OwnReading | None = None
    stored_at: float = 0.0


class OwnReadings:
    """The newest reading of each host.

    Args:
        seconds: least time between two stored readings that say nothing new.
        most: hosts kept; the one silent for longest goes first.
    """

    def __init__(self, seconds: float, most: int = 100_000) -> None:
        self._seconds, self._most = seconds, most
        self._kept: OrderedDict[HostId, _Kept] = OrderedDict()

    def latest(self, host: HostId) -> OwnReading | None:
        """Return a host's newest reading since this process started."""
        kept = self._kept.get(host)
        return None if kept is None else kept.latest

    def add(self, host: HostId, readings: Sequence[OwnReading], *, now: float, watched: bool) -> list[OwnReading]:
        """Take readings by time and return those to store.

        All of a host that is watched; of others one in a while, and each that says that the config, the collector or
        the count of failures changed.
        """
        store = []
        for reading in readings:
            kept = self._kept.setdefault(host, _Kept(reading))
            # A report that was sent again, or came late, is not the newest.
            if reading.follows(kept.latest) or reading.instance != kept.latest.instance:
                kept.latest = reading
            due = kept.stored is None or now - kept.stored_at >= self._seconds
            if watched or due or (kept.stored is not None and _news(kept.stored, reading)):
                kept.stored, kept.stored_at = reading, now
                store.append(reading)
        if host in self._kept:
            self._kept.move_to_end(host)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return store


def _news(before: OwnReading, now: OwnReading) -> bool:
    return (
        (before.revision, before.instance) != (now.revision, now.instance)
        or now.uptime_seconds < before.uptime_seconds
        or _failures(before) != _failures(now)
    )


def _failures(reading: OwnReading) -> dict[str, tuple[int, int]]:
    return {
        name: (counts.send_failed, counts.enqueue_failed)
        for name, counts in reading.exporters.items()
        if counts.send_failed or counts.enqueue_failed
    }
