"""Comparing two captures: point for point whatever their order, and as trees.

`phoenix capture diff` shows it, and tests prove with it that two evaluators agree.
"""

from phoenix.telemetry.diff.points import CaptureDiff, Difference, DifferenceKind, diff
from phoenix.telemetry.diff.tree import same_tree, tree_difference

__all__ = ["CaptureDiff", "Difference", "DifferenceKind", "diff", "same_tree", "tree_difference"]
