"""Bytes stored, each point as one flat JSON object. New Relic bills so."""

from decimal import Decimal

from phoenix.decide.pricing.usage import Usage


def stored_bytes(usage: Usage) -> Decimal | None:
    """Return billable bytes a month."""
    return usage.json_bytes_per_month
