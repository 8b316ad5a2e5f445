"""Typed parameters: what each accepts, and how a text or a value becomes one that a template can use.

`registry.render` resolves what a user gave; the reference page and `phoenix pipeline list` read the same declarations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Self, cast

from phoenix.collector.catalogue.errors import (
    ParameterMissingError,
    ParameterRangeError,
    ParameterTypeError,
    ParameterUnknownError,
)
from phoenix.collector.catalogue.parameters import reading
from phoenix.core.errors import InvalidError
from phoenix.core.units import format_duration
from phoenix.telemetry.processes import ProcessPattern


class ParameterType(StrEnum):
    """The form of a parameter's value; durations are seconds and sizes bytes once resolved."""

    DURATION = "duration"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    BYTES = "bytes"
    CHOICE = "choice"
    NAMES = "list of names"
    PATTERNS = "list of process patterns"


_READERS = {
    ParameterType.DURATION: (reading.duration, "a duration such as 60s or 5m"),
    ParameterType.BOOLEAN: (reading.boolean, "true or false"),
    ParameterType.INTEGER: (reading.integer, "a whole number"),
    ParameterType.NUMBER: (reading.number, "a number"),
    ParameterType.BYTES: (reading.size, "a size such as 256MiB, or a number of bytes"),
    ParameterType.CHOICE: (reading.text, "one of its choices"),
    ParameterType.NAMES: (reading.names, "names separated by commas"),
    ParameterType.PATTERNS: (reading.patterns, "process patterns separated by commas: postgres, kube.*"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One knob of a template.

    Attributes:
        name: as the user writes it.
        type: the form of its value.
        default: the value when none is given, as the user would write it; None when it may stay unset.
        description: what it does, one sentence.
        minimum: least value allowed, in resolved units (seconds, bytes), or least number of items of a list.
        maximum: greatest value allowed.
        choices: the values allowed, of a choice or of each name in a list; empty means any.
    """

    name: str
    type: ParameterType
    default: object
    description: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    def with_default(self, default: object) -> Self:
        """Return this parameter with another default."""
        return replace(self, default=default)

    @property
    def form(self) -> str:
        """How to write a value, in words."""
        if self.choices:
            return f"{'one' if self.type is ParameterType.CHOICE else 'any'} of {', '.join(self.choices)}"
        return _READERS[self.type][1]

    @property
    def range(self) -> str:
        """What is allowed, in words; empty when anything of the type is."""
        if self.choices:
            return ", ".join(self.choices)
        if self.minimum is not None and self.maximum is not None:
            return f"{self._written(self.minimum)} to {self._written(self.maximum)}"
        if self.minimum is not None:
            return f"at least {self._written(self.minimum)}{' item' if self._is_list else ''}"
        return ""

    def resolve(self, given: object) -> object:
        """Return the value that `given`, a text or a value, stands for.

        Raises:
            ParameterMissingError: `given` is None or an empty text.
            ParameterTypeError: not of this type.
            ParameterRangeError: outside the range, or not among the choices.
        """
        if given is None or (isinstance(given, str) and not given.strip() and not self._is_list):
            raise ParameterMissingError(
                f"parameter {self.name} has no value",
                user_action=f"Give {self.name} {self.form}, or leave it out.",
                parameter=self.name,
            )
        try:
            value: object = _READERS[self.type][0](given)
        except (ValueError, InvalidError) as error:
            raise ParameterTypeError(
                f"parameter {self.name}: got {given!r}, wanted {self.form} ({error})",
                user_action=f"Give {self.name} {self.form}.",
                parameter=self.name,
                got=repr(given),
            ) from error
        self._check_range(value, given)
        return value

    @property
    def _is_list(self) -> bool:
        return self.type in (ParameterType.NAMES, ParameterType.PATTERNS)

    def _check_range(self, value: object, given: object) -> None:
        strange = [item for item in (value if isinstance(value, tuple) else (value,)) if item not in self.choices]
        if self.choices and strange:
            close = get_close_matches(str(strange[0]), self.choices, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise self._out_of_range(given, f"{strange[0]!r} is not one of {', '.join(self.choices)}{hint}")
        size = len(value) if isinstance(value, tuple) else value
        if isinstance(size, bool) or not isinstance(size, int | float):
            return
        if (self.minimum is not None and size < self.minimum) or (self.maximum is not None and size > self.maximum):
            raise self._out_of_range(given, f"allowed: {self.range}")

    def _out_of_range(self, given: object, problem: str) -> ParameterRangeError:
        return ParameterRangeError(
            f"parameter {self.name}: got {given!r}, {problem}",
            user_action=f"Give {self.name} a value that is allowed: {self.range}.",
            parameter=self.name,
            got=repr(given),
            allowed=self.range,
        )

    def _written(self, number: float) -> str:
        if self.type is ParameterType.DURATION:
            return format_duration(number)
        return reading.format_size(number) if self.type is ParameterType.BYTES else f"{number:g}"


class Values(dict[str, object]):
    """Resolved parameters by name, with a reader for each type.

    A template asks only for parameters it declares, so a wrong name or type here is a bug, not bad input.
    """

    def text(self, name: str) -> str:
        """Return a choice."""
        return cast("str", self[name])

    def flag(self, name: str) -> bool:
        """Return a truth value."""
        return cast("bool", self[name])

    def whole(self, name: str) -> int:
        """Return a whole number, or bytes."""
        return cast("int", self[name])

    def number(self, name: str) -> float:
        """Return a number, or seconds."""
        return cast("float", self[name])

    def names(self, name: str) -> tuple[str, ...]:
        """Return a list of names."""
        return cast("tuple[str, ...]", self[name])

    def patterns(self, name: str) -> tuple[ProcessPattern, ...]:
        """Return a list of process patterns."""
        return cast("tuple[ProcessPattern, ...]", self[name])


def resolve(parameters: Sequence[Parameter], given: Mapping[str, object]) -> Values:
    """Return every parameter of `parameters` with its value: the one given, else its default.

    Raises:
        ParameterUnknownError: a name in `given` is none of `parameters`.
        ParameterMissingError, ParameterTypeError, ParameterRangeError: see `Parameter.resolve`.
    """
    known = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise ParameterUnknownError(
                f"there is no parameter {name}.{hint}",
                user_action=f"Use one of: {', '.join(known)}.",
                parameter=name,
                known=list(known),
            )
    return Values(
        {
            name: parameter.resolve(given.get(name, parameter.default))
            if name in given or parameter.default is not None
            else None
            for name, parameter in known.items()
        }
    )
