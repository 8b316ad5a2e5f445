"""RE2 expressions that users write, compiled without a word on standard error.

The library logs an expression it cannot read, as it is: a line break in it would forge lines of the server's log.
"""

from functools import lru_cache
from typing import Any, Final

import re2

_QUIET: Final = re2.Options()
_QUIET.log_errors = False


class ExpressionError(ValueError):
    """It is no RE2 expression; the text says why."""


# Asked for each process and pattern, and the library takes longer to find a pattern than to match it.
@lru_cache(maxsize=1024)
def compiled(expression: str) -> Any:
    r"""Return the pattern of an expression, as `re` has patterns.

    >>> bool(compiled(r"kube.*").fullmatch("kubelet"))
    True

    Raises:
        ExpressionError: it is none.
    """
    try:
        return re2.compile(expression, _QUIET)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        raise ExpressionError(said.decode(errors="replace") if isinstance(said, bytes) else str(said)) from error
