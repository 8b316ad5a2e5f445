"""The settings as a flat list, for whoever must name them all: the unknown-name check and the reference page."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from phoenix.core.units import format_duration
from phoenix.settings.types import Duration, Written

PREFIX = "PHOENIX_"
NESTED = "__"

# Variables with our prefix that are no settings, and what reads them.
OTHER_VARIABLES = {
    "PHOENIX_CONFIG_FILE": "The settings file (.yaml, .yml, .toml), instead of the one in the XDG config folder.",
    "PHOENIX_GOLDEN": "`rewrite` makes the test suite rewrite its golden files; for developers.",
}


@dataclass(frozen=True, slots=True)
class SettingField:
    """One leaf of the tree.

    Attributes:
        path: its key and the groups above it, from the top.
        group: what the group it is in is about; empty at the top.
        written: how a value is written.
        default: as a user would write it; empty when unset.
        secret: its value must never be shown.
    """

    path: tuple[str, ...]
    group: str
    written: str
    default: str
    description: str
    secret: bool

    @property
    def key(self) -> str:
        """The key as messages and the reference write it: `collector.binary`."""
        return ".".join(self.path)

    @property
    def variable(self) -> str:
        """The environment variable that sets it: `PHOENIX_COLLECTOR__BINARY`."""
        return variable_of(self.path)


def variable_of(path: tuple[str, ...]) -> str:
    """Return the name of the environment variable for a path in the tree.

    >>> variable_of(("collector", "binary"))
    'PHOENIX_COLLECTOR__BINARY'
    """
    return PREFIX + NESTED.join(path).upper()


def fields_of(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[SettingField]:
    """Yield every leaf of the tree, in the order declared."""
    for name, field in model.model_fields.items():
        path = (*above, name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from fields_of(field.annotation, path)
            continue
        group = (model.__doc__ or "").strip() if above else ""
        parts = [field.annotation, *field.metadata, *_parts(field.annotation)]
        yield SettingField(
            path, group, _written(parts), _default(field), field.description or "", secret=SecretStr in parts
        )


def _parts(annotation: Any) -> Iterator[Any]:
    for part in get_args(annotation):
        yield part
        yield from _parts(part)


def _written(parts: list[Any]) -> str:
    for part in parts:
        if isinstance(part, Written):
            return part.how
        if isinstance(part, type) and issubclass(part, StrEnum):
            return " or ".join(f"`{value}`" for value in part)
    plain = {bool: "true or false", int: "a whole number", SecretStr: "a text, kept secret"}
    return next((written for kind, written in plain.items() if kind in parts), "a text")


def _default(field: FieldInfo) -> str:
    value = field.get_default()
    # A default that depends on the machine is described, not printed.
    if value is None or value == () or field.default_factory:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if set(get_args(Duration)[1:]) & set(field.metadata):
        return format_duration(value)
    return str(value)
