"""The stock supervisor's state machine as it was measured, with its traps: what the fleet's offers are tested against.

No time passes in it: what a config comes to is decided by its digest when it is offered.
"""

from dataclasses import dataclass, field
from enum import Enum

from phoenix.core.ids import RevisionId
from phoenix.edge.opamp.agents import ConfigStatus


class Fate(Enum):
    """What a config comes to on this host."""

    GOOD = "good"
    REFUSED = "refused"
    CRASHES = "crashes"
    CRASHES_LATER = "crashes later"
    HANGS = "hangs"


@dataclass
class StockSupervisor:
    """One supervisor and its collector.

    Attributes:
        fates: what each digest comes to; GOOD when not named.
        got: every digest it was sent, in order.
        running: digest whose collector runs and stays; None while it crash-loops or nothing was ever sent.
    """

    fates: dict[str, Fate] = field(default_factory=dict)
    got: list[str] = field(default_factory=list)
    last: str = ""
    status: ConfigStatus | None = None
    running: str | None = None
    revisions: dict[str, RevisionId] = field(default_factory=dict)
    waiting: list[tuple[ConfigStatus, str, str]] = field(default_factory=list)

    def offered(self, digest: str, revision: RevisionId) -> None:
        """Take an offer; what it answers waits in `waiting`."""
        self.got.append(digest)
        self.revisions[digest] = revision
        if digest == self.last:
            # The same hash: silence, or a false APPLIED when it had failed by a crash (traps 4, 10).
            if self.status is ConfigStatus.FAILED:
                self._say(ConfigStatus.APPLIED, digest)
            return
        self.last, self.status = digest, None
        match self.fates.get(digest, Fate.GOOD):
            case Fate.GOOD | Fate.CRASHES_LATER:
                self.running = digest
                self._say(ConfigStatus.APPLYING, digest)
                self._say(ConfigStatus.APPLIED, digest)
            case Fate.REFUSED:
                # Refused before anything was stopped: the old one runs on.
                self._say(ConfigStatus.FAILED, digest, "yaml: line 2")
            case Fate.CRASHES:
                self.running = None
                self._say(ConfigStatus.APPLYING, digest)
                self._say(ConfigStatus.FAILED, digest, "Agent exited unexpectedly with exit code 1")
            case Fate.HANGS:
                self.running = None
                self._say(ConfigStatus.APPLYING, digest)

    def crash(self) -> bool:
        """Let a config that crashes later do so, again at every call; return whether it did."""
        if self.fates.get(self.running or self.last) is not Fate.CRASHES_LATER:
            return False
        self.running = None
        return True

    def _say(self, status: ConfigStatus, digest: str, text: str = "") -> None:
        self.status = status
        self.waiting.append((status, digest, text))
