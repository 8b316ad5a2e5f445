"""What production got, point by point, and whether the meter's windows say the same."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from phoenix.core.units import NANOSECONDS

State = Mapping[str, Any]


def production_points(production: Path) -> Counter[tuple[int, str]]:
    """Return how often each point was exported, by its time (nanoseconds) and its identity."""
    found: Counter[tuple[int, str]] = Counter()
    text = production.read_bytes() if production.exists() else b""
    # A collector that was killed may leave half a line.
    for line in text[: text.rfind(b"\n") + 1].splitlines():
        for resource in _read(line).get("resourceMetrics", []):
            for scope in resource["scopeMetrics"]:
                for metric in scope["metrics"]:
                    kind = next(it for it in ("gauge", "sum") if it in metric)
                    for point in metric[kind]["dataPoints"]:
                        labels = [resource["resource"], metric["name"], point.get("attributes")]
                        found[int(point["timeUnixNano"]), json.dumps(labels, sort_keys=True)] += 1
    return found


def _read(line: bytes) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(line)
    except ValueError:
        # The next collector goes on in the line that the killed one left half written.
        return {}
    return read


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
