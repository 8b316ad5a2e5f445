"""The settings as a flat list, for whoever must name them all: the unknown-name check and the reference page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, SecretStr

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
        annotation: its Python type.
        default: None stands for "unset".
    """

    path: tuple[str, ...]
    group: str
    annotation: Any
    default: object
    description: str

    @property
    def key(self) -> str:
        """The key as messages and the reference write it: `collector.binary`."""
        return ".".join(self.path)

    @property
    def variable(self) -> str:
        """The environment variable that sets it: `PHOENIX_COLLECTOR__BINARY`."""
        return variable_of(self.path)

    @property
    def secret(self) -> bool:
        """Whether its value must never be shown."""
        return self.annotation is SecretStr or SecretStr in getattr(self.annotation, "__args__", ())


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
        yield SettingField(path, group, field.annotation, field.get_default(), field.description or "")
