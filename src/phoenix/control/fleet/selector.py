"""Which hosts are meant, written as in Kubernetes: `app=web,tier in (a,b),!retired,name=h1`.

`name` and `id` stand for the host's own name and id. Every requirement must hold; no requirement means every host.
https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from phoenix.control.fleet.errors import SelectorInvalidError

_KEY: Final = r"[A-Za-z0-9](?:[A-Za-z0-9_./-]{0,251}[A-Za-z0-9])?"
_VALUE: Final = r"[A-Za-z0-9_.-]*"
_PATTERN: Final = re.compile(
    rf"""\s*(?:
        !\s*(?P<absent>{_KEY})
      | (?P<set_key>{_KEY})\s+(?P<set_operator>in|notin)\s*\((?P<values>[^()]*)\)
      | (?P<key>{_KEY})\s*(?P<operator>==|!=|=)\s*(?P<value>{_VALUE})
      | (?P<present>{_KEY})
    )\s*(?:,|$)""",
    re.VERBOSE,
)
_MOST_CHARACTERS: Final = 4096


class Operator(StrEnum):
    """What a requirement asks of a label."""

    IN = "in"
    NOT_IN = "notin"
    EXISTS = "exists"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition on one label. A label that is absent fulfils `notin`, as in Kubernetes."""

    key: str
    operator: Operator
    values: frozenset[str] = frozenset()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Return whether the labels fulfil it."""
        match self.operator:
            case Operator.IN:
                return labels.get(self.key) in self.values
            case Operator.NOT_IN:
                return labels.get(self.key) not in self.values
            case Operator.EXISTS:
                return self.key in labels
            case Operator.ABSENT:
                return self.key not in labels

    def __str__(self) -> str:
        match self.operator:
            case Operator.EXISTS:
                return self.key
            case Operator.ABSENT:
                return f"!{self.key}"
            case _ if len(self.values) == 1:
                return f"{self.key}{'=' if self.operator is Operator.IN else '!='}{next(iter(self.values))}"
            case _:
                return f"{self.key} {self.operator} ({','.join(sorted(self.values))})"


@dataclass(frozen=True, slots=True)
class Selector:
    """Requirements that must all hold."""

    requirements: tuple[Requirement, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the selector that `text` writes; an empty text selects every host.

        >>> str(Selector.parse("app=web, tier in (b,a), !gone"))
        'app=web,tier in (a,b),!gone'

        Raises:
            SelectorInvalidError: it is not a selector; the message shows where.
        """
        if len(text) > _MOST_CHARACTERS:
            raise SelectorInvalidError(f"the selector has {len(text):,} characters; {_MOST_CHARACTERS:,} are allowed")
        found, position = [], 0
        stripped = text.rstrip()
        while position < len(stripped):
            match = _PATTERN.match(stripped, position)
            if match is None or (match.end() == len(stripped) and stripped.endswith(",")):
                rest = stripped[position:] if match is None else ","
                raise SelectorInvalidError(
                    f"the selector {text!r} cannot be read at {rest[:40]!r}", selector=text, position=position
                )
            found.append(_requirement(match, text))
            position = match.end()
        return cls(tuple(found))

    @classmethod
    def of(cls, **labels: str) -> Self:
        """Return the selector of hosts that have these labels, or this `name`."""
        return cls(tuple(Requirement(key, Operator.IN, frozenset({value})) for key, value in labels.items()))

    def matches(self, labels: Mapping[str, str], *, name: str, host_id: str) -> bool:
        """Return whether a host is meant."""
        own = {**labels, "name": name, "id": host_id}
        return all(requirement.matches(own) for requirement in self.requirements)

    def __str__(self) -> str:
        return ",".join(map(str, self.requirements))


def _requirement(match: re.Match[str], text: str) -> Requirement:
    if match["absent"]:
        return Requirement(match["absent"], Operator.ABSENT)
    if match["present"]:
        return Requirement(match["present"], Operator.EXISTS)
    if match["key"]:
        operator = Operator.NOT_IN if match["operator"] == "!=" else Operator.IN
        return Requirement(match["key"], operator, frozenset({match["value"]}))
    values = [value.strip() for value in match["values"].split(",")]
    wrong = next((value for value in values if not re.fullmatch(_VALUE, value)), None)
    if wrong is not None or values == [""]:
        raise SelectorInvalidError(
            f"the selector {text!r} has {wrong or 'no value'!r} where a value should be", selector=text
        )
    return Requirement(match["set_key"], Operator(match["set_operator"]), frozenset(values))
