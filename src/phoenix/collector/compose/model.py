"""What composing needs and gives."""

from dataclasses import dataclass, field
from enum import StrEnum


class Arm(StrEnum):
    """A side of an experiment."""

    BASELINE = "baseline"
    CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True)
class PhoenixEndpoint:
    """Where a collector sends what Phoenix measures.

    Attributes:
        url: base of the server as hosts reach it, without a slash at the end: `http://10.0.0.5:8080`.
        token: how the credential is written in a config; each host has its own behind the same text.
        own_interval_seconds: time between two reports of the collector's own metrics.
    """

    url: str
    token: str = "${env:PHOENIX_TOKEN}"  # noqa: S105 - a reference, not a secret
    own_interval_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Composed:
    """A generated config, one text for all hosts.

    Attributes:
        text: YAML that the collector runs.
        digest: SHA-256 of the text, hexadecimal. OpAMP's config hash is these 32 bytes.
        revision: the marker it carries, in `service.telemetry.resource` (`phoenix.revision`) and in the meter's paths.
        exporters: production exporters by the ids the collector's own metrics use; each must be seen to send.
        receivers: receivers of the metrics pipelines by the ids the own metrics use.
        processors: the ids of an arm's own processors, for the processor time of that arm. Steady configs have none.
        unpaired: why the comparison is not paired, a sentence a receiver; empty when both arms see the same scrapes.
        notes: what else a user should know: what was renamed, what could not be kept.
    """

    text: str
    digest: str
    revision: str
    exporters: tuple[str, ...]
    receivers: tuple[str, ...]
    processors: dict[Arm, tuple[str, ...]] = field(default_factory=dict)
    unpaired: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
