"""Who may change which host."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from phoenix.core.ids import HostId


class ClaimKind(StrEnum):
    """What a host is claimed for; a host has at most one claim of a kind."""

    EXPERIMENT = "experiment"
    DEPLOYMENT = "deployment"


@dataclass(frozen=True, slots=True)
class Claim:
    """A host that `owner` (the id of an experiment or deployment) may change."""

    host_id: HostId
    kind: ClaimKind
    owner: str
    claimed_at: datetime
