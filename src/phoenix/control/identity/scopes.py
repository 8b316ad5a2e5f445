"""Who may do what: the one table of scopes. Operations name a scope; docs and the role matrix read this.

A scope is a noun and `read` or `write`; what changes hosts or production has a scope of its own.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person's token is for. Each may all that the ones before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    DEPLOYER = "deployer"
    ADMIN = "admin"


_VIEWER: Final = frozenset({"pipelines:read", "experiments:read", "hosts:read", "events:read"})
# An editor measures: experiments change nothing that stays.
_EDITOR: Final = _VIEWER | {"pipelines:write", "experiments:write"}
# Promoting is deploying: what hosts run changes for good.
_DEPLOYER: Final = _EDITOR | {"deployments:write", "hosts:write"}
_ADMIN: Final = _DEPLOYER | {"hosts:enrol", "tokens:read", "tokens:write", "audit:read"}

ROLES: Final[Mapping[Role, frozenset[str]]] = {
    Role.VIEWER: _VIEWER,
    Role.EDITOR: _EDITOR,
    Role.DEPLOYER: _DEPLOYER,
    Role.ADMIN: _ADMIN,
}
# A host speaks OpAMP and sends telemetry, about itself only.
HOST: Final = frozenset({"opamp:connect", "telemetry:write"})
ENROLMENT: Final = frozenset({"hosts:enrol"})
