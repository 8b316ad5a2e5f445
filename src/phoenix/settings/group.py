"""What every branch of the tree is."""

from pydantic import BaseModel, ConfigDict


class Group(BaseModel):
    """A branch of the tree: frozen, and closed to names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
