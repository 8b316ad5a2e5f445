"""Taking away metrics, and then the scopes and resources that are left with none (pmetric's nested RemoveIf)."""

from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.tree import with_marked


def points_below(frame: Frame, points: Mask) -> Mask:
    """Return bool[metrics]: one of these points is below the metric."""
    return with_marked(frame.points.metric, points, frame.size(Level.METRIC))


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
        gone = ~with_marked(frame.parent(level), left, frame.size(Level(level - 1)))
    return frame.with_(dropped=dropped)
