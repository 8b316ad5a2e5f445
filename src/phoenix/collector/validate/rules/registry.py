"""The rules in the order their findings are told, and the codes they can give."""

from typing import Final

from phoenix.collector.validate.context import Rule
from phoenix.collector.validate.finding import Code
from phoenix.collector.validate.rules import (
    batch,
    collection_interval,
    counters,
    critical,
    error_mode,
    host_identity,
    identity,
    memory_limiter,
    process_metrics,
    prometheus,
    providers,
    secrets,
    temporality,
)

RULES: Final[tuple[Rule, ...]] = (
    providers.check,
    secrets.check,
    memory_limiter.check,
    batch.check,
    error_mode.check,
    host_identity.check,
    identity.check,
    counters.check,
    temporality.check,
    prometheus.check,
    process_metrics.check,
    collection_interval.check,
    critical.check,
)
CODES: Final[tuple[Code, ...]] = (
    *providers.CODES,
    *secrets.CODES,
    *memory_limiter.CODES,
    *batch.CODES,
    *error_mode.CODES,
    *host_identity.CODES,
    *identity.CODES,
    *counters.CODES,
    *temporality.CODES,
    *prometheus.CODES,
    *process_metrics.CODES,
    *collection_interval.CODES,
    *critical.CODES,
)
