"""Taking away metrics, and then the scopes and resources that are left with none (pmetric's nested RemoveIf)."""

import numpy as np

from phoenix.engine.frame import Frame, Level, Mask


def points_below(frame: Frame, points: Mask | None) -> Mask:
    """Return bool[metrics]: one of these points, or of all when None, is below the metric."""
    parent = frame.points.metric
    found = np.zeros(frame.size(Level.METRIC), dtype=np.bool_)
    found[parent if points is None else parent[points]] = True
    return found


def without_metrics(frame: Frame, gone: Mask) -> Frame:
    """Return the frame without these metrics, without scopes that hold no metric and resources that hold no scope.

    Those that were empty before go too.
    """
    dropped = dict(frame.dropped)
    for level in (Level.METRIC, Level.SCOPE, Level.RESOURCE):
        before = frame.dropped.get(level)
        dropped[level] = gone if before is None else gone | before
        if level is Level.RESOURCE:
            break
        alive = frame.alive(level)
        left = ~gone if alive is None else alive & ~gone
        holding = np.zeros(frame.size(Level(level - 1)), dtype=np.bool_)
        holding[frame.parent(level)[left]] = True
        gone = ~holding
    return frame.with_(dropped=dropped)
