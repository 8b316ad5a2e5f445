"""Comparing any two values of an expression, lists of histograms too."""

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.functions.comparison import rules
from phoenix.engine.scalar.lists import Counts, Doubles
from phoenix.engine.values.value import Value
from phoenix.ottl.syntax import CompareOp


def compare(left: Value, right: Value, op: CompareOp) -> bool:
    """Return what `left op right` says (pkg/ottl/compare.go of 0.160).

    Raises:
        NotColumnarError: the collector would crash: Go does not compare two slices of its own.
    """
    if isinstance(left, (Counts, Doubles)) or isinstance(right, (Counts, Doubles)):
        if type(left) is type(right):
            raise NotColumnarError("comparing two lists of a histogram, which makes a collector crash,")
        return op is CompareOp.NE
    return rules.compare(left, right, op)
