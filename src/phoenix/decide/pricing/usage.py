"""What a month of the captured telemetry amounts to, in the units vendors meter. Called by the report."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from phoenix.core.units import HOURS_PER_MONTH, SECONDS_PER_HOUR
from phoenix.decide.errors import CadenceInvalidError

SECONDS_PER_MONTH = HOURS_PER_MONTH * SECONDS_PER_HOUR
DEFAULT_INTERVAL_SECONDS = 60.0


class Counts(Protocol):
    """What usage needs of a measurement; `telemetry.measure.Measurement` has it."""

    @property
    def series(self) -> int:
        """Distinct series."""
        ...

    @property
    def points(self) -> int:
        """Points of all series."""
        ...

    @property
    def bytes(self) -> int:
        """Uncompressed OTLP bytes."""
        ...

    @property
    def json_bytes(self) -> int:
        """Bytes of one flat compact JSON object a point."""
        ...


@dataclass(frozen=True, slots=True)
class Usage:
    """A month as a vendor would meter it. None means that nobody knows; it is never zero.

    Attributes:
        series: distinct series, as long as the capture saw them.
        points_per_month: points in 730 hours.
        bytes_per_month: uncompressed OTLP bytes in 730 hours.
        json_bytes_per_month: JSON-like bytes in 730 hours (design, section 6).
    """

    series: Decimal | None
    points_per_month: Decimal | None = None
    bytes_per_month: Decimal | None = None
    json_bytes_per_month: Decimal | None = None

    @property
    def points_per_minute(self) -> Decimal | None:
        """Points in an average minute of the month."""
        if self.points_per_month is None:
            return None
        return self.points_per_month / (SECONDS_PER_MONTH // 60)


def usage(measured: Counts, *, scrapes: int, interval_seconds: float = DEFAULT_INTERVAL_SECONDS) -> Usage:
    """Return a month of what was measured, at the interval the pipeline really scrapes at.

    A capture is recorded fast (5 s) and a pipeline scrapes slowly (60 s): the average scrape is what both share, so a
    month is the average scrape times the scrapes in 730 hours. What a processor thins by its own clock (`interval`)
    does not scale so: on a capture recorded at 5 s it drops eleven points of twelve that a pipeline at 60 s would never
    have made. `report.compare` is told of that and leaves points and bytes unknown.

    Args:
        measured: counts of a capture.
        scrapes: how often the capture's *input* was scraped: the same number for a baseline and its candidates.
        interval_seconds: the collection interval to extrapolate to.

    Raises:
        CadenceInvalidError: `scrapes` or `interval_seconds` is not positive.
    """
    if scrapes <= 0 or interval_seconds <= 0:
        raise CadenceInvalidError(f"{scrapes} scrapes at an interval of {interval_seconds} s make no month")
    scrapes_a_month = Decimal(SECONDS_PER_MONTH) / Decimal(str(interval_seconds))
    return Usage(
        series=Decimal(measured.series),
        points_per_month=measured.points * scrapes_a_month / scrapes,
        bytes_per_month=measured.bytes * scrapes_a_month / scrapes,
        json_bytes_per_month=measured.json_bytes * scrapes_a_month / scrapes,
    )
