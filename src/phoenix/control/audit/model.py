"""What the audit log holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which object.

    Attributes:
        id: grows in the order of writing.
        actor: the principal's id; `phoenix` when the server decided by itself.
        action: `experiment.promoted`.
        subject: the object's id.
        reason: what the actor said, or empty.
        before, after: what changed of the object, as far as it matters; None when there was or is nothing.
    """

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    reason: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
