"""What can end the live part of the main job."""

from phoenix.core.errors import UnavailableError


class HostNotProvedError(UnavailableError):
    """This machine's collector was started, and its telemetry did not come. Details: `diagnosis`."""

    code = "RUN_HOST_NOT_PROVED"
    user_action = "Do what the diagnosis says; `phoenix run --offline` does everything but the live part."


class ExperimentNotCompletedError(UnavailableError):
    """The experiment of the main job ended without a comparison. Details: `experiment`, its last status."""

    code = "RUN_EXPERIMENT_NOT_COMPLETED"
    user_action = "Read why it ended; `phoenix doctor` says more of the host."
