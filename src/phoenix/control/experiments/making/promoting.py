"""Makes a candidate what hosts run: its processing, with the exporters that the baseline has in production."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.compose.promoted import promoted_document
from phoenix.collector.compose.steady import compose_steady
from phoenix.collector.config.document import ConfigDocument
from phoenix.control.audit import service as audit
from phoenix.control.claims import service as claims
from phoenix.control.claims.model import ClaimKind
from phoenix.control.events import service as events
from phoenix.control.experiments.errors import NotPromotableError
from phoenix.control.experiments.model import Experiment, Phase, Resolution
from phoenix.control.experiments.repository import ExperimentRepository
from phoenix.control.experiments.rooms import Rooms
from phoenix.control.fleet.model import REVISION_PREFIX, Purpose
from phoenix.core.ids import RevisionId, new_id


async def promote(
    rooms: Rooms, session: AsyncSession, experiment: Experiment, *, reason: str, actor: str, now: datetime
) -> Experiment:
    """Set what the experiment's hosts should run to the candidate; see `Experiments.promote`."""
    if experiment.phase is not Phase.COMPLETED or experiment.resolution is Resolution.PROMOTED:
        state = "promoted already" if experiment.phase is Phase.COMPLETED else experiment.phase.value
        raise NotPromotableError(f"experiment {experiment.id} is {state}", phase=experiment.phase.value)
    # No other experiment may be on these hosts; the claim ends with this transaction's own writes.
    await claims.claim(session, experiment.id, experiment.host_ids, ClaimKind.EXPERIMENT, now)
    baseline = await rooms.pipelines.get(session, experiment.design.baseline)
    candidate = await rooms.pipelines.get(session, experiment.design.candidate)
    document = promoted_document(
        ConfigDocument.parse(baseline.text, experiment.design.baseline_pipeline),
        ConfigDocument.parse(candidate.text, experiment.design.candidate_pipeline),
    )
    composed = compose_steady(document, endpoint=rooms.endpoint, revision=RevisionId(new_id(REVISION_PREFIX, now)))
    revision = await rooms.fleet.register(
        session, composed, purpose=Purpose.STEADY, experiment=None, now=now, document=document.text
    )
    why = f"promoted by experiment {experiment.id}: {reason}"
    await rooms.fleet.set_desired(session, experiment.host_ids, revision.id, reason=why, now=now)
    await claims.release(session, experiment.id)
    promoted = replace(experiment, resolution=Resolution.PROMOTED)
    await ExperimentRepository(session).save(promoted)
    after = {"resolution": Resolution.PROMOTED.value, "revision": revision.id, "hosts": list(experiment.host_ids)}
    await events.emit(session, "experiment.promoted", experiment.id, after, now)
    await audit.record(
        session,
        "experiment.promoted",
        actor=actor,
        subject=experiment.id,
        now=now,
        reason=reason,
        before={"resolution": experiment.resolution.value if experiment.resolution else None},
        after=after,
    )
    return promoted
