"""What people and programs that watch are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        id: grows in the order of commits; a watcher goes on from the last one it saw.
        kind: `experiment.phase_changed`.
        subject: the id of what it happened to.
        data: more about it, JSON-like.
    """

    id: int
    at: datetime
    kind: str
    subject: str
    data: Mapping[str, Any]
