"""Dropping what conditions say, and the nodes that are empty then (metrics.go of the filter processor 0.160)."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Space
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.paths.reading import Telemetry
from phoenix.engine.statements.conditions import any_holds
from phoenix.engine.statements.failures import requests_of
from phoenix.engine.statements.group import Condition, ErrorMode
from phoenix.engine.statements.sparing import sparing_marks
from phoenix.engine.tree import with_children
from phoenix.engine.values.nodes import MetricType
from phoenix.ottl.syntax import RUN_FOR, Context


@dataclass(frozen=True, slots=True)
class Dropping:
    """Conditions that drop: one that holds is enough.

    Attributes:
        conditions: by context. A context that is here without any condition drops nothing, but has the nodes looked
            through for empty ones.
        error_mode: of all of them.
    """

    conditions: Mapping[Context, Sequence[Condition]]
    error_mode: ErrorMode

    def run(self, frame: Frame, failed: "FailedRequests") -> Frame:
        """Return what is left.

        Args:
            frame: what there is.
            failed: gets the requests that an error is propagated for.
        """
        frame = sparing_marks(frame, [one.expression for some in self.conditions.values() for one in some])
        # What an error was met at stays, also when it is empty.
        kept: dict[Level, Mask] = {}
        for context in RUN_FOR:
            if self.conditions.get(context):
                frame = self._drop(frame, context, failed, kept)
        below = [context in self.conditions for context in (Context.SCOPE, Context.METRIC, Context.DATAPOINT)]
        if below[2]:
            frame = _without_empty(frame, Level.METRIC, kept, but=_without_type(frame))
        if any(below):
            frame = _without_empty(frame, Level.SCOPE, kept)
        return _without_empty(frame, Level.RESOURCE, kept)

    def _drop(
        self, frame: Frame, context: Context, failed: "FailedRequests", kept: MutableMapping[Level, Mask]
    ) -> Frame:
        evaluation = Evaluation(frame, context, Telemetry(Cache(by_key=False)))
        propagates = self.error_mode is ErrorMode.PROPAGATE
        found = any_holds(evaluation, self.conditions[context], propagates=propagates)
        level = LEVELS[context]
        if found.failed is not None:
            failed.add(requests_of(frame, level, (found.space, found.failed)), found.why)
            kept[level] = evaluation.rows.spread(found.failed, found.space, Space(level))
        if level is Level.POINT and found.space.level is not Level.POINT:
            # Metrics without a type have no points, and are kept.
            below = evaluation.rows.spread(found.true, found.space, Space(Level.METRIC))
            return frame.dropping(Level.METRIC, below & ~_without_type(frame))
        return frame.dropping(level, evaluation.rows.spread(found.true, found.space, Space(level)))


@dataclass(slots=True)
class FailedRequests:
    """Requests that errors are propagated for, by number, each with the first reason."""

    reasons: dict[int, str] = field(default_factory=dict)

    def add(self, requests: NDArray[np.integer], why: str) -> None:
        """Add requests."""
        for request in requests.tolist():
            self.reasons.setdefault(request, why)

    def first_sent(self, frame: Frame) -> int | None:
        """Return the first of them that still holds something; an empty request is dropped without a word."""
        alive = frame.alive(Level.RESOURCE)
        parents = frame.resources.parent
        sent = set((parents if alive is None else parents[alive]).tolist()) if self.reasons else set()
        return min((request for request in self.reasons if request in sent), default=None)


def _without_empty(frame: Frame, level: Level, kept: Mapping[Level, Mask], but: Mask | None = None) -> Frame:
    gone = ~with_children(frame, level)
    for stays in (kept.get(level), but):
        if stays is not None:
            gone &= ~stays
    return frame.dropping(level, gone)


def _without_type(frame: Frame) -> Mask:
    pool = frame.pools.metrics
    untyped = np.zeros(len(pool), dtype=np.bool_)
    for row in Rows(frame).used(Space(Level.METRIC, by_value=True)).tolist():
        untyped[row] = pool[row].type is MetricType.NONE
    found: Mask = untyped[frame.metrics.value]
    return found
