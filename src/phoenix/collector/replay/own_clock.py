"""Which processors act by the collector's own clock, so that only a replay that owns the clock is exact."""

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import UnsupportedComponentError
from phoenix.collector.replay.plan import ReplayPlan, strings_in, type_of
from phoenix.core.units import DurationError, parse_duration
from phoenix.telemetry.capture import Capture

_NOW: Final = re.compile(r"\bNow\(\)")
# Per type, the setting after which unseen state is dropped, and its default in seconds (0: never).
_STALENESS: Final[Mapping[str, tuple[str, float]]] = {
    "cumulative_to_delta": ("max_staleness", 0),
    "delta_to_cumulative": ("max_stale", 300),
    "metric_start_time": ("gc_interval", 600),
}


def refuse_process_start(config: ConfigDocument, plan: ReplayPlan) -> None:
    """Refuse what reads the moment its process started: no replay, on whatever clock, can move that.

    Raises:
        UnsupportedComponentError: names the component.
    """
    for name, settings in plan.processors.items():
        strategy = settings.get("strategy") if isinstance(settings, Mapping) else None
        if type_of(name) == "metric_start_time" and strategy == "start_time_metric":
            raise _refusal(config, name, "takes start times from the moment its process started", "")


def refuse_own_clock(config: ConfigDocument, plan: ReplayPlan, capture: Capture) -> None:
    """Refuse what would come out differently when a capture is fed faster than it was recorded.

    State that goes stale is exact while no series pauses for longer than the limit.

    Raises:
        UnsupportedComponentError: names the component.
    """
    gap: float | None = None
    for name, settings in plan.processors.items():
        kind = type_of(name)
        if kind == "interval":
            raise _refusal(config, name, "emits by the collector's own clock", "Evaluate with the harness.")
        if any(_NOW.search(text) for text in strings_in(settings)):
            raise _refusal(config, name, "asks for the time with Now()", "Evaluate with the harness.")
        if kind in _STALENESS and (limit := _limit(settings, *_STALENESS[kind])):
            gap = longest_gap(capture) if gap is None else gap
            if gap > limit:
                because = f"forgets series after {limit:g} s, and one of the capture pauses for {gap:g} s"
                raise _refusal(config, name, because, "Evaluate with the harness.")


def longest_gap(capture: Capture) -> float:
    """Return the longest time, in seconds, between two points that follow each other in one series."""
    points, metrics, scopes = capture.points, capture.metrics, capture.scopes
    scope = metrics.parent[points.metric]
    keys = (
        points.attributes,
        metrics.value[points.metric],
        scopes.value[scope],
        capture.resources.value[scopes.parent[scope]],
    )
    order = np.lexsort((points.time, *keys))
    same = np.ones(max(0, len(order) - 1), dtype=np.bool_)
    for key in keys:
        same &= np.diff(key[order]) == 0
    gaps = np.diff(points.time[order].astype(np.int64))[same]
    return float(gaps.max()) / 1e9 if len(gaps) else 0.0


def _limit(settings: Any, key: str, default: float) -> float:
    value = settings.get(key) if isinstance(settings, Mapping) else None
    if value is None:
        return default
    try:
        return parse_duration(str(value))
    except DurationError:
        # The collector says so in its own words.
        return 0


def _refusal(config: ConfigDocument, name: str, because: str, remedy: str) -> UnsupportedComponentError:
    place = str(config.locate(("processors", name)))
    return UnsupportedComponentError(
        f"{place}: {name} {because}", user_action=remedy or None, component=name, place=place
    )
