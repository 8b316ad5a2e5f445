"""What the OTLP ingest hands on. Implemented by control/metering."""

from dataclasses import dataclass
from typing import Protocol

from phoenix.core.ids import ExperimentId, HostId, RevisionId


@dataclass(frozen=True, slots=True)
class StreamOrigin:
    """Which stream a body belongs to: named by its path (or gRPC metadata) and its credential.

    Attributes:
        host: of the credential.
        experiment: empty for the collector's own metrics.
        arm: `baseline` or `candidate`; `own` for the collector's own metrics.
        revision: of the config that sent it; empty for own metrics, which carry it in their resource.
    """

    host: HostId
    experiment: ExperimentId
    arm: str
    revision: RevisionId


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a body: points rejected for good, and why. Zero and empty when all were taken."""

    rejected_points: int = 0
    message: str = ""


class IngestSink(Protocol):
    """The feature behind the ingest."""

    async def take(self, origin: StreamOrigin, body: bytes) -> Taken:
        """Take an uncompressed ExportMetricsServiceRequest.

        Raises:
            InvalidError: the body is not OTLP or the stream does not exist; sending it again is of no use.
            UnavailableError: it cannot be taken now; the sender should try again.
        """
        ...
