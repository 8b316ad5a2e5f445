"""Running groups of statements one after the other, each in the way that is exact for it."""

from collections.abc import Sequence

from phoenix.engine.frame import Frame
from phoenix.engine.paths.cache import Cache
from phoenix.engine.statements.columnwise import ColumnwiseList
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.group import Group


def run_groups(frame: Frame, groups: Sequence[Group], failures: Failures) -> Frame:
    """Return the frame after the groups.

    Args:
        frame: what they run on.
        groups: in order.
        failures: gets the first request that fails.

    Raises:
        NotColumnarError: something in them cannot be done in columns.
    """
    for group in groups:
        frame = ColumnwiseList(frame, group, failures, cache=Cache(by_key=False)).run()
    return frame
