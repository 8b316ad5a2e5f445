"""What a step of a processor does to metrics, as far as rules care."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from phoenix.collector.config.document import ConfigPath
from phoenix.collector.config.pipelines import Component
from phoenix.ottl.syntax import Expression

PID: Final = "process.pid"
HOST_KEYS: Final = ("host.name", "host.id")
INSTANCE_KEY: Final = "service.instance.id"
IDENTITY_KEYS: Final = (PID, *HOST_KEYS, INSTANCE_KEY)


class Deed(Enum):
    """Something a processor does that rules care about."""

    BATCHES = auto()
    TO_DELTA = auto()
    TO_CUMULATIVE = auto()
    GROUPS = auto()
    AGGREGATES = auto()
    SUMS = auto()
    SETS_TIMES = auto()
    SETS_STARTS = auto()
    LOSES_STARTS = auto()
    RELABELS_TEMPORALITY = auto()
    DROPS_PID = auto()
    DROPS_INSTANCE = auto()
    DROPS_POINT_KEYS = auto()
    SETS_HOST = auto()
    LOSES_HOST = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One deed of one processor of a route, and the setting or statement it was read from.

    Attributes:
        where: what must hold for it to be done, one of each group; empty when it is always done.
        text: the names of metrics that a setting chooses, or the attributes that are taken away.
    """

    deed: Deed
    component: Component
    path: ConfigPath
    text: str = ""
    where: tuple[tuple[Expression, ...], ...] = ()
