"""What one arm held over some windows, and how much less the other held."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from phoenix.decide.pricing.cost import Cost, costs, saving_percent
from phoenix.decide.pricing.saving import paired
from phoenix.decide.pricing.usage.windows import HostWindow, usage_of_windows
from phoenix.telemetry.window.model import WindowMeasure
from phoenix.telemetry.window.series_set import union


@dataclass(frozen=True, slots=True)
class ArmMeasure:
    """What one arm held over some windows of some hosts.

    Attributes:
        series: distinct series over all of them.
        series_per_window: their mean in a window of a host.
        points, otlp_bytes, json_bytes: of all of them.
        critical: processes that a critical pattern named, by its text: the most in a window, summed over hosts.
        series_are_lower_bound: a window held more series than the meter keeps.
        cost: a month of it under each vendor, at the margin.
    """

    series: int
    series_per_window: float
    points: int
    otlp_bytes: int
    json_bytes: int
    critical: Mapping[str, int]
    series_are_lower_bound: bool
    cost: Mapping[str, Cost]

    @classmethod
    def of(cls, windows: Sequence[HostWindow]) -> "ArmMeasure":
        """Return the measure of one arm's windows, in any order."""
        measures = [window for _, window in windows]
        series = union([window.series for window in measures])
        return cls(
            series=len(series.hashes),
            series_per_window=_mean([len(window.series.hashes) for window in measures]) or 0.0,
            points=sum(window.points for window in measures),
            otlp_bytes=sum(window.otlp_bytes for window in measures),
            json_bytes=sum(window.json_bytes for window in measures),
            critical=_critical(windows),
            series_are_lower_bound=series.truncated,
            cost=costs(usage_of_windows(windows)),
        )


def savings(baseline: ArmMeasure, candidate: ArmMeasure) -> dict[str, float | None]:
    """Return (baseline - candidate) / baseline in percent: of series, points, bytes and the cost under each vendor.

    Bytes are uncompressed OTLP. None where either side is unknown or the baseline is nothing.
    """
    known = not (baseline.series_are_lower_bound or candidate.series_are_lower_bound)
    return {
        "series": saving_percent(baseline.series, candidate.series) if known else None,
        "points": saving_percent(baseline.points, candidate.points),
        "bytes": saving_percent(baseline.otlp_bytes, candidate.otlp_bytes),
        **{vendor: saving.percent for vendor, saving in paired(baseline.cost, candidate.cost).items()},
    }


def mean_savings(pairs: Iterable[tuple[WindowMeasure, WindowMeasure]]) -> dict[str, float | None]:
    """Return the mean over windows of (baseline - candidate) / baseline in percent, of series, points and bytes.

    A window whose baseline is nothing has no share; None when there is no other.
    """
    each = [window_savings(baseline, candidate) for baseline, candidate in pairs]
    return {
        what: _mean([value for one in each if (value := one[what]) is not None])
        for what in ("series", "points", "bytes")
    }


def window_savings(baseline: WindowMeasure, candidate: WindowMeasure) -> dict[str, float | None]:
    """Return (baseline - candidate) / baseline of one window in percent, of series, points and bytes."""
    known = not (baseline.series.truncated or candidate.series.truncated)
    return {
        "series": saving_percent(len(baseline.series.hashes), len(candidate.series.hashes)) if known else None,
        "points": saving_percent(baseline.points, candidate.points),
        "bytes": saving_percent(baseline.otlp_bytes, candidate.otlp_bytes),
    }


def _critical(windows: Sequence[HostWindow]) -> dict[str, int]:
    most: dict[str, dict[str, int]] = {}
    for host, window in windows:
        for pattern, processes in window.critical.items():
            hosts = most.setdefault(pattern, {})
            hosts[host] = max(hosts.get(host, 0), processes)
    return {pattern: sum(hosts.values()) for pattern, hosts in sorted(most.items())}


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
