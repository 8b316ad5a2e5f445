"""What every meter is: a frozen description from a price sheet that turns a month into units."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from phoenix.core.units import parse_duration
from phoenix.decide.pricing.usage.periods import Period


def _seconds(value: Any) -> Any:
    return parse_duration(value) if isinstance(value, str) else value


# A duration in a sheet, such as 20m, as seconds.
Seconds = Annotated[float, BeforeValidator(_seconds), Field(gt=0)]
Percentile = Annotated[int, Field(ge=1, le=100)]


class MeterModel(BaseModel):
    """A meter as a price sheet describes it.

    Attributes:
        counts: what it counts, in words for people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    counts: ClassVar[str]

    @property
    def remembers(self) -> Period | None:
        """How long the vendor remembers a series; None for a meter that counts none."""
        return None
