"""An experiment of a host's own config against itself: whatever breaks meanwhile, both arms must tell the same."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from tests.support.plane.host import FaultHost
from tests.support.plane.plane import Plane, eventually
from tests.support.plane.truth import check_windows

State = Mapping[str, Any]
WINDOW_SECONDS = 3
# At a change of config the service inside the collector starts anew, and its scrapes with it.
MISSED_AT_A_CHANGE = 1


@dataclass
class Measured:
    """The experiment, its host, and what is known of both.

    Attributes:
        before: the host before the experiment.
        since: when it began.
        ended: its last status.
        after: the host as it was when the end was said.
        until: when that was.
        windows: all of them, at the end.
    """

    plane: Plane
    host: FaultHost
    wanted: int
    experiment: str
    before: State
    since: float
    ended: State = field(default_factory=dict)
    after: State = field(default_factory=dict)
    until: float = 0.0
    windows: Sequence[State] = ()

    @classmethod
    def begin(cls, plane: Plane, host: FaultHost, critical: str, *, windows: int, start: bool = True) -> Self:
        """Make the experiment on a proved host, and start it unless told otherwise."""
        before, since = plane.until_proved(host.name), time.time()
        experiment = plane.experiment(
            baseline_pipeline=plane.store(f"base-{host.name}", host.config),
            candidate_pipeline=plane.store(f"same-{host.name}", f"{host.config}# The same in both arms.\n"),
            critical_processes=[critical],
            target_nodes=f"name={host.name}",
            windows=windows,
            start=start,
        )
        return cls(plane, host, windows, experiment, before, since)

    def until_pairs(self, count: int) -> None:
        """Wait until so many windows are complete in both arms."""
        self.plane.until_phase(self.experiment, "running")
        eventually(
            lambda: self._status()["windows"]["paired"] >= count or None,
            f"{count} pairs of windows",
            otherwise=lambda: (self._status(), self.plane.windows(self.experiment)),
        )

    def end(self) -> None:
        """Wait for the end, and take note of what is said then."""
        self.ended = self.plane.until_phase(self.experiment)
        self.after, self.until = self.plane.host(self.host.name), time.time()
        self.windows = self.plane.windows(self.experiment)

    def completes(self, *, missed: int = MISSED_AT_A_CHANGE) -> None:
        """Wait for the end and check that nothing that broke meanwhile can be seen in it, but for gaps."""
        self.end()
        assert (self.ended["phase"], self.ended["verdict"]) == ("completed", "measured"), self.ended
        self.check_host(missed=missed)
        assert len(self.check_windows()) >= self.wanted
        assert self.plane.comparison(self.experiment)["saving_percent"]["points"] == 0

    def check_host(self, *, missed: int = MISSED_AT_A_CHANGE) -> None:
        """Check that the host was back when the end was said, and production missed no more than so many scrapes."""
        assert self.after["proved"] == self.after["desired"] == self.before["verified"], self.after
        scrapes = [round(at - self.since, 2) for at in self.host.scrapes() if at >= self.since]
        assert self.host.missed_scrapes(self.since, self.until) <= missed, scrapes

    def check_windows(self) -> list[State]:
        """Check every window against production, and return those that were compared."""
        return check_windows(self.windows, self.host.production, seconds=WINDOW_SECONDS)

    @property
    def gaps(self) -> list[State]:
        """Windows of no data, but for those that were open when the meter was closed at the end."""
        gaps = [window["no_data"] for window in self.windows if window["no_data"]]
        return [gap for gap in gaps if "the meter was closed" not in gap["reason"]]

    def _status(self) -> State:
        return self.plane.status(self.experiment)
