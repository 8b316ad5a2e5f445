"""Analyzing: what was measured is compared once more and kept, and the hosts are sent back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.experiments.judging.comparing import comparison_document
from phoenix.control.experiments.judging.watching import judge_now
from phoenix.control.experiments.model import Experiment, Phase, Verdict
from phoenix.control.experiments.phases.step import turn_back
from phoenix.control.experiments.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Analyzing:
    """Compares. Windows do not change any more, so doing it again gives the same."""

    rooms: Rooms

    async def look(self, session: AsyncSession, experiment: Experiment, now: datetime) -> Mapping[str, Any]:  # noqa: ARG002 - of the protocol
        """Return the comparison."""
        return comparison_document(experiment, await judge_now(self.rooms, session, experiment))

    async def act(
        self, session: AsyncSession, experiment: Experiment, seen: Mapping[str, Any], now: datetime
    ) -> Experiment:
        """Keep the comparison and send the hosts back."""
        measured = replace(experiment, result=seen, verdict=Verdict.MEASURED)
        compared, wanted = seen["experiment"]["windows"], experiment.design.windows
        short = f" of the {wanted} asked for: the time to measure was over" if compared < wanted else ""
        reason = f"{compared} windows are compared{short}"
        return await turn_back(self.rooms, session, measured, Phase.COMPLETED, now=now, reason=reason)
