"""A tree of settings with what ours does not have yet: a secret and a list."""

from pydantic import Field

from phoenix.settings.model import Settings
from phoenix.settings.types import Secret, Texts


class SettingsWithSecret(Settings):
    """Ours and two more."""

    token: Secret | None = Field(default=None, description="A secret.")
    names: Texts = Field(default=(), description="A list.")
