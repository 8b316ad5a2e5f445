"""Usage from a few plain numbers: which series were seen in which slot, and what each point weighs."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from phoenix.decide.pricing.ranges import Range
from phoenix.decide.pricing.sheets.model import Vendor
from phoenix.decide.pricing.sheets.reading import parse_prices
from phoenix.decide.pricing.sheets.shipped import vendors
from phoenix.decide.pricing.usage.model import Stream, Usage
from phoenix.decide.pricing.usage.sightings import Sightings

SECOND = 1_000_000_000
NOON = 1_700_000_000 * SECOND
NAME = "process.cpu.time"


def sightings(
    slots: Sequence[Collection[int]],
    *,
    seconds: float = 60.0,
    scrape_seconds: float | None = None,
    metric_of: Mapping[int, int] | None = None,
    source: float = 1.0,
) -> Sightings:
    """Series by number, slot by slot."""
    times = NOON + round(seconds * SECOND) * np.arange(len(slots), dtype=np.int64)
    pairs = sorted((number, int(times[slot])) for slot, seen in enumerate(slots) for number in set(seen))
    metrics = [metric_of.get(number, 0) for number, _ in pairs] if metric_of is not None else []
    return Sightings(
        seconds,
        times,
        np.array([number for number, _ in pairs], dtype=np.uint64),
        np.array([time for _, time in pairs], dtype=np.int64),
        np.array(metrics, dtype=np.int32),
        series_a_source=source,
        scrape_seconds=scrape_seconds,
    )


def usage(
    slots: Sequence[Collection[int]],
    *,
    seconds: float = 60.0,
    otlp: int = 200,
    json: int = 600,
    names: Sequence[str] = (NAME,),
    metric_of: Mapping[int, int] | None = None,
    hosts: int = 1,
) -> Usage:
    """A stream that has a point for each series in each slot, the slots being scrapes of the pipeline itself."""
    metric_of = {} if metric_of is None else metric_of
    tallies = np.zeros((len(slots), len(names), 3), dtype=np.int64)
    for slot, seen in enumerate(slots):
        for number in set(seen):
            tallies[slot, metric_of.get(number, 0)] += (1, otlp, json)
    seen_when = sightings(slots, seconds=seconds, metric_of=metric_of)
    return Usage(tuple(names), seen_when, (Stream(seen_when.times, seconds, tallies),), hosts)


def steady(series: int, *, seconds: float = 60.0, slots: int = 4, **more: object) -> Usage:
    """The same series in every slot."""
    return usage([range(series)] * slots, seconds=seconds, **more)  # type: ignore[arg-type]


def all_billed() -> dict[str, Vendor]:
    """The vendors that ship, every metric billed."""
    text = "vendors:\n" + "".join(
        f"  {name}: {{billable: {{default: yes, mapping_table: []}}}}\n" for name in vendors()
    )
    return parse_prices(text, "prices.yaml", vendors())


def mine(text: str) -> dict[str, Vendor]:
    """The vendors that ship, changed by a user's file."""
    return parse_prices(text, "prices.yaml", vendors())


def sides(units: Range) -> tuple[Any, Any, Any]:
    """What a quantity is at least, likely and at most."""
    return units.low, units.likely, units.high
