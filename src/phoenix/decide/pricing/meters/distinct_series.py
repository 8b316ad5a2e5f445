"""Distinct combinations of name and tags, however often they send. Datadog's classic plan bills so."""

from decimal import Decimal

from phoenix.decide.pricing.usage import Usage


def distinct_series(usage: Usage) -> Decimal | None:
    """Return billable series: all of them, whatever their interval."""
    return usage.series
