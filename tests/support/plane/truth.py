"""What production got, point by point, and whether the meter's windows say the same."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.plane.exported import exported_requests, points_of

from phoenix.core.units import NANOSECONDS

State = Mapping[str, Any]


def production_points(production: Path) -> Counter[tuple[int, str]]:
    """Return how often each point was exported, by its time (nanoseconds) and its identity."""
    found: Counter[tuple[int, str]] = Counter()
    for request in exported_requests(production):
        for resource, metric, point in points_of(request):
            labels = [resource, metric, point.get("attributes")]
            found[int(point["timeUnixNano"]), json.dumps(labels, sort_keys=True)] += 1
    return found


def check_windows(windows: Sequence[State], production: Path, *, seconds: float) -> list[State]:
    """Check every window against what production got in it, where both arms run the same config; return the pairs.

    A window is either equal in both arms and to production, point for point, or it is no data with a reason.
    """
    points = production_points(production)
    twice = {point: count for point, count in points.items() if count > 1}
    assert not twice, f"exported more than once: {list(twice.items())[:3]}"
    width = round(seconds * NANOSECONDS)
    exported = Counter(time // width * width for time, _ in points)
    for window in windows:
        if window["no_data"]:
            assert window["no_data"]["reason"], window
            continue
        found = {arm: window[arm]["points"] for arm in ("baseline", "candidate")}
        expected = exported[window["start"]]
        assert found == {"baseline": expected, "candidate": expected}, (expected, window)
        assert expected, window
    starts = [window["start"] for window in windows]
    assert len(set(starts)) == len(starts), "a window is told twice"
    return [window for window in windows if not window["no_data"]]
