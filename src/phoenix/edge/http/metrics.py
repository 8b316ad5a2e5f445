"""What the API measures of itself, in Prometheus's words (`/metrics`)."""

from prometheus_client import CollectorRegistry, Counter, Histogram

# From a cached read to the longest validation by the real collector.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60)


class ApiMetrics:
    """Counts and times of requests, by operation: a name of ours, never a path that a caller made up."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._requests = Counter(
            "phoenix_api_requests",
            "Requests answered.",
            ("operation", "method", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "phoenix_api_request_duration_seconds",
            "Time from the request's head to the end of its answer.",
            ("operation",),
            registry=registry,
            buckets=_BUCKETS,
        )

    def observe(self, operation: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(operation, method, str(status)).inc()
        self._seconds.labels(operation).observe(seconds)
