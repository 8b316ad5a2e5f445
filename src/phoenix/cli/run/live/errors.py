"""What can end the live part of the main job."""

from phoenix.core.errors import ConflictError, UnavailableError


class HostNotProvedError(UnavailableError):
    """This machine's collector was started, and its telemetry did not come. Details: `diagnosis`."""

    code = "RUN_HOST_NOT_PROVED"
    user_action = "Do what the diagnosis says; `phoenix run --offline` does everything but the live part."


class ExperimentNotCompletedError(UnavailableError):
    """The experiment of the main job ended without a comparison. Details: `experiment`, its last status."""

    code = "RUN_EXPERIMENT_NOT_COMPLETED"
    user_action = "Read why it ended; `phoenix doctor` says more of the host."


class RunServerBusyError(ConflictError):
    """A server uses the data folder that this one would serve from. Details: `url`, where it is known."""

    code = "RUN_SERVER_BUSY"
    user_action = (
        "Use that server with `phoenix experiment create`, or stop it first; "
        "`phoenix run --once` has a server of its own."
    )


class RunHostBusyError(ConflictError):
    """A supervisor runs on the files of this machine's host already; beginning anew would take them from it."""

    code = "RUN_HOST_BUSY"
    user_action = "Stop that supervisor first; `phoenix run --once` has a host of its own."


class RunTokenMissingError(UnavailableError):
    """The data folder has a database of an earlier server, and no token for commands of this user."""

    code = "RUN_TOKEN_MISSING"
    user_action = "Give the server's admin token in PHOENIX_AUTH_TOKEN, or name an empty folder in server.data_dir."
