"""How a case ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from phoenix.decide.cases.model import CaseFile, Failure, PipelineCase


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """A case and what does not hold of it.

    Attributes:
        file: where the case stands.
        seconds: how long it took.
    """

    file: CaseFile
    case: PipelineCase
    failures: Sequence[Failure]
    seconds: float

    @property
    def passed(self) -> bool:
        """Everything holds."""
        return not self.failures

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "file": self.file.source,
            "case": self.case.name,
            "place": str(self.case.place),
            "passed": self.passed,
            "seconds": round(self.seconds, 6),
            "failures": [
                {"what": failure.what, "words": failure.words, "lines": list(failure.lines)}
                for failure in self.failures
            ],
        }
