"""Money as scripts read it: what `whatif` and the comparison of an experiment say of costs, with their sources."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from phoenix.decide.pricing.cost import ChargeCost, Pricing
from phoenix.decide.pricing.ranges import Range
from phoenix.decide.pricing.saving import Saving
from phoenix.decide.pricing.words import why_they_differ

MARGINAL: Final = "marginal list price a month beyond allowances and fees, not a bill"
PLACED: Final = "what this adds to the account's month, allowances and tiers counted, not a bill"
RATE_RULE: Final = (
    "points and bytes go on as in an average scrape or window of what was seen; at least and at most as if all were "
    "the smallest or the largest of them"
)


def money_document(
    savings: Mapping[str, Saving], pricing: Pricing, *, hosts: int, warnings: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the JSON form of what a change saves under each vendor.

    Args:
        savings: by vendor.
        pricing: how they were told.
        hosts: how many were measured.
        warnings: what the amounts do not say, such as that renamed metrics may become billed.
    """
    return {
        "hosts": {"measured": hosts, "told_for": pricing.hosts or hosts},
        "vendors": {name: _vendor(name, saving, pricing) for name, saving in savings.items()},
        "why_they_differ": why_they_differ(savings),
        "warnings": list(warnings),
    }


def _vendor(name: str, saving: Saving, pricing: Pricing) -> dict[str, Any]:
    vendor = pricing.vendors[name]
    rules = dict.fromkeys(it.rule for it in (*saving.before.charges, *saving.after.charges) if it.rule)
    return {
        "title": vendor.title,
        "source": vendor.source,
        "as_of": vendor.as_of,
        "basis": PLACED if saving.after.placed else MARGINAL,
        "before": saving.before.as_dict(),
        "after": saving.after.as_dict(),
        "saving": saving.as_dict(),
        "charges": [
            _charge(before, after) for before, after in zip(saving.before.charges, saving.after.charges, strict=True)
        ],
        "unknown": list(dict.fromkeys((*saving.before.unknown, *saving.after.unknown))),
        "rules": [*rules, RATE_RULE],
        "assumptions": vendor.assumptions,
    }


def _charge(before: ChargeCost, after: ChargeCost) -> dict[str, Any]:
    return {
        "name": after.name,
        "unit": after.unit,
        "before": _units(before.units),
        "after": _units(after.units),
        "series_that_came": {"before": before.arrived, "after": after.arrived},
    }


def _units(units: Range) -> dict[str, str | None]:
    sides = {"low": units.low, "likely": units.likely, "high": units.high}
    return {side: None if value is None else f"{value.normalize():f}" for side, value in sides.items()}
