"""A list of statements with what stands around it, as the transform processor has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from phoenix.ottl.syntax import Context, Expression, Statement


class ErrorMode(StrEnum):
    """What comes of an error: of ignore and silent only the log differs."""

    IGNORE = "ignore"
    SILENT = "silent"
    PROPAGATE = "propagate"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition and its text."""

    expression: Expression
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """What runs for every row of a context for which a condition holds.

    Attributes:
        context: whose rows.
        statements: in order.
        conditions: one must hold; without any, all rows run.
        error_mode: of the conditions and the statements.
        shared_cache: the cache lives on from row to row and from request to request, together with that of the other
            groups of this context that share theirs.
    """

    context: Context
    statements: Sequence[Statement]
    conditions: Sequence[Condition] = ()
    error_mode: ErrorMode = ErrorMode.IGNORE
    shared_cache: bool = False

    @property
    def propagates(self) -> bool:
        """Whether an error makes the request fail."""
        return self.error_mode is ErrorMode.PROPAGATE
