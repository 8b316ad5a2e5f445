"""What experiments count of themselves, in Prometheus's words (spec M)."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from phoenix.control.experiments.model import ENDED, Experiment, Phase

# From a minute to three days.
_BUCKETS = (60, 300, 900, 1800, 3600, 10_800, 43_200, 86_400, 259_200)


class ExperimentCounters:
    """Counts of experiments since this process started; what is active now is set from the database."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._ended = Counter("phoenix_experiments", "Experiments that ended, by how.", ("outcome",), registry=registry)
        self._active = Gauge(
            "phoenix_experiments_active", "Experiments that have started and not ended.", registry=registry
        )
        self._seconds = Histogram(
            "phoenix_experiment_duration_seconds",
            "Time from the start of an experiment to its end.",
            ("outcome",),
            registry=registry,
            buckets=_BUCKETS,
        )
        self._transitions = Counter(
            "phoenix_experiment_state_transitions",
            "Changes of phase.",
            ("source", "target"),
            registry=registry,
        )

    def moved(self, source: Phase, experiment: Experiment) -> None:
        """Count a change of phase that is committed."""
        self._transitions.labels(source.value, experiment.phase.value).inc()
        if experiment.phase in ENDED:
            self._ended.labels(experiment.phase.value).inc()
            if experiment.started_at is not None and experiment.ended_at is not None:
                seconds = (experiment.ended_at - experiment.started_at).total_seconds()
                self._seconds.labels(experiment.phase.value).observe(seconds)

    def active(self, count: int) -> None:
        """Set how many experiments are under way."""
        self._active.set(count)
