"""Makes the config of one attempt from the two pipelines, and asks the pinned collector about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.compose.model import Composed
from phoenix.collector.compose.paired import compose_pair
from phoenix.collector.config.document import ConfigDocument
from phoenix.control.experiments.judging.candidate import scrape_seconds
from phoenix.control.experiments.model import Design
from phoenix.control.experiments.rooms import Rooms
from phoenix.control.fleet.model import REVISION_PREFIX
from phoenix.control.metering.model import MeterPlan
from phoenix.core.ids import ExperimentId, RevisionId, new_id

# Stands for an experiment that is only planned.
PLANNED: Final = ExperimentId("exp-planned")
# And for its revision: a plan asked for again is the same text, about which the collector is not asked twice.
_PLANNED_REVISION: Final = RevisionId("rev-planned")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A config that the collector accepts, and what the meter must be told."""

    composed: Composed
    meter: MeterPlan


async def prepare(
    rooms: Rooms, session: AsyncSession, design: Design, *, experiment: ExperimentId, now: datetime
) -> Prepared:
    """Return the config of a new attempt, under a revision of its own; that of a plan is never offered.

    Raises:
        ComposeError: the pipelines cannot stand in one config; the message names the place.
        ConfigRefusedError: the collector refuses the result.
    """
    baseline = await rooms.pipelines.get(session, design.baseline)
    candidate = await rooms.pipelines.get(session, design.candidate)
    composed = compose_pair(
        ConfigDocument.parse(baseline.text, design.baseline_pipeline),
        ConfigDocument.parse(candidate.text, design.candidate_pipeline),
        endpoint=rooms.endpoint,
        experiment=experiment,
        revision=_PLANNED_REVISION if experiment == PLANNED else RevisionId(new_id(REVISION_PREFIX, now)),
    )
    await rooms.fleet.checker.check(composed.text)
    scrape = scrape_seconds(composed.text, composed.receivers)
    return Prepared(composed, MeterPlan(design.window_seconds, design.critical, scrape))
