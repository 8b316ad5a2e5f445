"""Unions of series sets: what vendors bill by the hour or the month is a union of windows, never a sum of counts."""

from collections.abc import Sequence

import numpy as np

from phoenix.telemetry.window.model import SeriesSet


def union(sets: Sequence[SeriesSet], max_series: int | None = None) -> SeriesSet:
    """Return the series of all sets, each once, with points and values added up.

    A truncated set knows nothing above its largest hash, so neither does a union with it: the union is cut there, and
    is itself truncated. `max_series` caps it further.
    """
    if not sets:
        return SeriesSet(np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.float64))
    hashes, place = np.unique(np.concatenate([one.hashes for one in sets]), return_inverse=True)
    points = np.zeros(len(hashes), dtype=np.int64)
    values = np.zeros(len(hashes), dtype=np.float64)
    np.add.at(points, place, np.concatenate([one.points for one in sets]))
    np.add.at(values, place, np.concatenate([one.values for one in sets]))
    ends = [one.hashes[-1] for one in sets if one.truncated and len(one.hashes)]
    kept = int(np.searchsorted(hashes, min(ends), side="right")) if ends else len(hashes)
    truncated = any(one.truncated for one in sets)
    if max_series is not None and kept > max_series:
        kept, truncated = max_series, True
    return SeriesSet(hashes[:kept], points[:kept], values[:kept], truncated)
