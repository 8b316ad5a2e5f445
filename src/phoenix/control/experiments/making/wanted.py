"""What a user asks for when creating an experiment, and whether it can be one."""

from dataclasses import dataclass, fields
from typing import Final

from phoenix.control.experiments.errors import ExperimentInvalidError
from phoenix.control.experiments.model import Design, Request
from phoenix.control.pipelines.model import PipelineVersion
from phoenix.core.errors import InvalidError
from phoenix.telemetry.processes import ProcessPattern
from phoenix.telemetry.window.plan import MAX_PATTERNS

_LEAST_WINDOW: Final = 1.0
_MOST_WINDOW: Final = 3600.0
_MOST_WINDOWS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Request):
    """A request that is looked at."""

    def check(self) -> None:
        """Return when this can be an experiment as far as numbers and patterns go.

        Raises:
            ExperimentInvalidError: a field does not fit; the message names it.
        """
        _within("windows", self.windows, 1, _MOST_WINDOWS)
        _within("window_seconds", self.window_seconds, _LEAST_WINDOW, _MOST_WINDOW)
        _within("warm_up", self.warm_up, 1, 100)
        if self.duration_seconds is not None:
            _within("duration_seconds", self.duration_seconds, self.window_seconds * (1 + self.warm_up), 30 * 86_400)
        for name in ("min_cost_reduction", "max_data_loss"):
            value = getattr(self, name)
            if value is not None:
                _within(name, value, 0, 100)
        if len(self.critical) > MAX_PATTERNS:
            raise ExperimentInvalidError(
                f"critical_processes: {len(self.critical)} patterns; {MAX_PATTERNS} are allowed",
                field="critical_processes",
            )
        for pattern in self.critical:
            try:
                ProcessPattern.parse(pattern)
            except InvalidError as error:
                raise ExperimentInvalidError(
                    f"critical_processes: {error.message}", field="critical_processes", pattern=pattern
                ) from error

    def design(self, baseline: PipelineVersion, candidate: PipelineVersion) -> Design:
        """Return the design with the versions that the pipelines are today.

        Raises:
            ExperimentInvalidError: both are the same version.
        """
        if baseline.id == candidate.id:
            raise ExperimentInvalidError(
                "candidate_pipeline: it is the same version as the baseline", field="candidate_pipeline"
            )
        asked = {part.name: getattr(self, part.name) for part in fields(Request)}
        asked["name"] = self.name or f"{self.baseline_pipeline} against {self.candidate_pipeline}"
        return Design(**asked, baseline=baseline.id, candidate=candidate.id)


def _within(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise ExperimentInvalidError(f"{name}: {value:,.10g} is not between {least:,.10g} and {most:,.10g}", field=name)
