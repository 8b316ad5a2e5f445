"""What can keep a config from being checked by the real binary at all."""

from phoenix.core.errors import UnavailableError


class SandboxUnavailableError(UnavailableError):
    """The binary that should check the config cannot be run."""

    code = "VALIDATION_BINARY_UNUSABLE"
    user_action = "Name a collector binary that this user may execute on this machine."
