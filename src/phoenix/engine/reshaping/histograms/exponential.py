"""convert_exponential_histogram_to_histogram.

func_convert_exponential_hist_to_explicit_hist.go of the transform processor, 0.160.0. Sum, minimum and maximum stand
afterwards whether they did before or not; flags and what the metric says beside name, unit and description are gone.
"""

from dataclasses import replace
from typing import Final

from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.reshaping.growth import of_types, points_below, with_values
from phoenix.engine.reshaping.histograms.distributions import DISTRIBUTIONS, explicit_counts
from phoenix.engine.reshaping.reshaped import Arguments, Reshaped, Reshaper
from phoenix.engine.values.nodes import NO_ATTRIBUTES, MetricNode, MetricType
from phoenix.engine.values.rest_codec import change
from phoenix.engine.values.rests import ExponentialRest, HistogramRest, PointRest
from phoenix.telemetry.capture import PointKind

_DEFAULT: Final = "random"


def convert_exponential_histogram_to_histogram(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Make exponential histograms explicit ones; other metrics are left alone.

    Raises:
        NotColumnarError: counts would be spread at random, or a collector would crash.
    """
    named, listed = str(arguments["distribution_fn"] or _DEFAULT), arguments["explicit_bounds"]
    bounds = tuple(bound for bound in listed if isinstance(bound, float)) if isinstance(listed, tuple) else ()
    distribution = DISTRIBUTIONS[named]

    def explicit(rest: PointRest) -> PointRest:
        if not isinstance(rest, ExponentialRest):
            raise TypeError(f"{rest!r} is no exponential histogram")
        return HistogramRest(
            count=rest.count,
            sum=_said(rest.sum),
            bucket_counts=explicit_counts(rest, bounds, distribution),
            explicit_bounds=bounds,
            exemplars=rest.exemplars,
            min=_said(rest.min),
            max=_said(rest.max),
        )

    metrics = rows & of_types(frame, MetricType.EXPONENTIAL_HISTOGRAM)
    at = points_below(frame, metrics)
    points = frame.points
    kind, flags, rest = points.kind.copy(), points.flags.copy(), points.rest.copy()
    rest[at] = change(frame.pools.rests, kind[at], rest[at], explicit)
    kind[at], flags[at] = PointKind.HISTOGRAM, 0
    converted = frame.with_(points=replace(points, kind=kind, flags=flags, rest=rest))
    return Reshaped(with_values(converted, metrics, _to_histogram))


def _said(value: float | None) -> float:
    return 0.0 if value is None else value


def _to_histogram(metric: MetricNode) -> MetricNode:
    return replace(metric, type=MetricType.HISTOGRAM, metadata=NO_ATTRIBUTES, others=b"")


CONVERT_EXPONENTIAL_HISTOGRAM_TO_HISTOGRAM: Final = Reshaper(Level.METRIC, convert_exponential_histogram_to_histogram)
