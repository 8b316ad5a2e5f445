"""What Phoenix adds to a config so that an arm is measured, and what keeps it from pushing back at production."""

from typing import Any, Final

from phoenix.collector.compose.model import Arm, PhoenixEndpoint
from phoenix.core.ids import ExperimentId, RevisionId

# A `batch` with these settings hands every request on as it came, on a goroutine of its own: boundaries and order
# stay, errors end there.
ASYNCHRONOUS: Final = {"timeout": "0s", "send_batch_size": 0}

_TIMEOUT: Final = "3s"
# Short: what the meter does not take soon is a gap for it. A stopping collector waits for what is queued, and the
# production exporters are down meanwhile.
_RETRY: Final = {"enabled": True, "initial_interval": "500ms", "max_interval": "2s", "max_elapsed_time": "10s"}
_QUEUE: Final = {"enabled": True, "num_consumers": 16, "queue_size": 64}


def authorization(endpoint: PhoenixEndpoint) -> str:
    """Return the header's value by which the server knows the host."""
    return f"Bearer {endpoint.token}"


def meter(endpoint: PhoenixEndpoint, experiment: ExperimentId, arm: Arm, revision: RevisionId) -> dict[str, Any]:
    """Return the settings of the exporter that sends an arm to the meter."""
    return {
        "metrics_endpoint": f"{literal(endpoint.url)}/otlp/{experiment}/{arm}/{revision}/v1/metrics",
        "headers": {"Authorization": authorization(endpoint)},
        "compression": "gzip",
        "timeout": _TIMEOUT,
        "retry_on_failure": dict(_RETRY),
        "sending_queue": dict(_QUEUE),
    }


def literal(text: str) -> str:
    """Return `text` as the collector's providers leave it alone."""
    return text.replace("$", "$$")
