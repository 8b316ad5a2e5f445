"""One experiment of a host's own config against a candidate, and what every fault has to leave unharmed."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.support.plane.host import FaultHost
from tests.support.plane.plane import Plane, State
from tests.support.plane.truth import production_points

# A config costs a restart of the collector at each end.
MOST_MISSED = 2
# A collector that stops finishes what the candidate has begun; the supervisor waits ten seconds and kills it.
MOST_MISSED_AT_A_SLOW_STOP = 10 + MOST_MISSED


@dataclass
class Trial:
    """An experiment that has begun on one host."""

    plane: Plane
    host: FaultHost
    experiment: str
    verified: str
    since: float

    @classmethod
    def begin(cls, plane: Plane, host: FaultHost, candidate: str, **wanted: Any) -> "Trial":
        verified = plane.host(host.name)["verified"]
        assert verified
        since = time.time()
        experiment = plane.experiment(
            **{
                "baseline_pipeline": plane.store("base", host.config),
                "candidate_pipeline": plane.store("candidate", candidate),
                "target_nodes": f"name={host.name}",
                **wanted,
            }
        )
        return cls(plane, host, experiment, verified, since)

    def ended(self, *phases: str, most_missed: int = MOST_MISSED) -> State:
        """Return the end, once it is reported: the host is back by then, and production has missed next to nothing."""
        status = self.plane.until_phase(self.experiment, *phases)
        host, history = self.plane.host(self.host.name), self.plane.history(self.host.name)
        assert host["desired"] == host["proved"] == host["verified"], history
        # A collector that had too much to finish may be given a copy of it.
        restored = [it["revision"] for it in history if it["text"] == "the last good config"]
        assert host["verified"] in (self.verified, *restored), history
        scrapes = [round(at - self.since, 1) for at in self.host.scrapes() if at >= self.since]
        assert self.host.missed_scrapes(self.since) <= most_missed, (scrapes, status)
        assert max(production_points(self.host.production).values()) == 1
        return status

    def stopped_by(self, guardrail: str, **more: Any) -> State:
        """Return the end of an experiment that this guardrail must stop."""
        status = self.ended("failed", **more)
        assert status["cause"]["code"] == "EXPERIMENT_GUARDRAIL_TRIPPED", status
        assert status["cause"]["details"]["guardrail"]["name"] == guardrail, status
        assert status["reason"].startswith(f"guardrail {guardrail}: "), status
        return status

    def missed_before_it_was_stopped(self, ended: State) -> int:
        """Return the longest run of scrapes that production missed until the experiment was told to end."""
        told = next(step["at"] for step in ended["history"] if step["target"] == "restoring")
        return self.host.missed_scrapes(self.since, datetime.fromisoformat(told).timestamp())

    @property
    def pairs(self) -> list[State]:
        """The windows that were compared."""
        return [window for window in self.plane.windows(self.experiment) if window["no_data"] is None]
