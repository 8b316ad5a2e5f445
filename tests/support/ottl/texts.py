"""The texts of `accepted.txt` and `refused.txt`, each under the place it stands in.

    transform flat               metric_statements, without a context
    transform grouped CONTEXT    the same with `context:`
    transform conditions CONTEXT `conditions` of a group with `context:`
    filter flat                  metric_conditions, without a context
    filter grouped CONTEXT       the same with `context:`
    filter metrics CONTEXT       `metrics:` with `resource:`, `metric:` or `datapoint:`

The integration suite proves them against a collector; the unit suite reads them without one.
"""

from dataclasses import dataclass
from pathlib import Path

from tests.support.ottl.places import Place

_FOLDER = Path(__file__).parent
_MARK = "▸"


@dataclass(frozen=True)
class Case:
    """One text.

    Attributes:
        place: where it stands.
        text: as it stands there.
        offset: the character to blame; -1 if it is accepted.
    """

    place: Place
    text: str
    offset: int

    def __str__(self) -> str:
        return f"{self.place.name}: {self.text}"


def accepted() -> list[Case]:
    return [Case(place, line, -1) for place, line in _lines("accepted.txt")]


def refused() -> list[Case]:
    return [Case(place, line.replace(_MARK, "", 1), line.index(_MARK)) for place, line in _lines("refused.txt")]


def _lines(name: str) -> list[tuple[Place, str]]:
    place, found = "", []
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            place = line.removeprefix("== ")
        elif line and not line.startswith("# "):
            found.append((Place(place), line))
    return found
