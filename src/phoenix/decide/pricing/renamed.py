"""Metrics that a pipeline gives a name the vendor does not know, and that it may therefore begin to bill.

A vendor with a table of known names (Datadog's, of supported receivers) may bill nothing for these. A metric renamed,
or summed up under a new name, is one it does not know: it may become a custom metric, and the bill may rise although
fewer series are sent.
"""

from collections.abc import Collection, Mapping

from phoenix.decide.pricing.sheets.billable import Billed, matches
from phoenix.decide.pricing.sheets.model import Vendor


def may_become_billed(vendor: Vendor, before: Collection[str], after: Collection[str]) -> tuple[str, ...]:
    """Return the metrics that only the candidate sends and that are not in the vendor's table of known names."""
    table = vendor.billable.mapping_table
    if not table:
        return ()
    fresh = sorted(set(after) - set(before))
    return tuple(name for name in fresh if not matches(name, table) and vendor.billable.billed(name) is not Billed.NO)


def renamed_words(vendors: Mapping[str, Vendor], before: Collection[str], after: Collection[str]) -> list[str]:
    """Return a warning for each vendor that may begin to bill what a pipeline renamed."""
    said = []
    for vendor in vendors.values():
        if names := may_become_billed(vendor, before, after):
            shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
            said.append(
                f"{vendor.title}: {shown} {'is' if len(names) == 1 else 'are'} not among the names its mapping table "
                "knows, so what was free may become a custom metric"
            )
    return said
