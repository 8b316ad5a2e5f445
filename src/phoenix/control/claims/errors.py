"""What a claim can meet."""

from phoenix.core.errors import ConflictError


class OverlapError(ConflictError):
    """Others have claimed some of the hosts. Details: `conflicts`, a list of {owner, hosts}."""

    code = "EXPERIMENT_OVERLAP_DETECTED"
    user_action = "Wait for the owners named to end, stop them, or choose other hosts."
