"""What can stand between Phoenix and a supervised collector on this machine."""

from phoenix.core.errors import ConflictError, InvalidError, UnavailableError


class SupervisorSettingsError(InvalidError):
    """A value cannot be put into the supervisor's files."""

    code = "SUPERVISOR_SETTINGS_INVALID"
    user_action = "Give the server as http://HOST:PORT or https://HOST, and variables without line breaks."


class SupervisorFilesError(UnavailableError):
    """The supervisor's folder cannot be written or read."""

    code = "SUPERVISOR_FILES_UNAVAILABLE"
    user_action = "Name a folder that this user may write, on a disk that is not full."


class SupervisorRunningError(ConflictError):
    """A supervisor runs on this folder already; a second would be the same agent twice."""

    code = "SUPERVISOR_ALREADY_RUNNING"
    user_action = "Stop the one that runs, or give this one a folder of its own."


class SupervisorEndedError(UnavailableError):
    """The supervisor ended soon after its start. Details: `output`, the end of what it said."""

    code = "SUPERVISOR_ENDED"
    user_action = "Read what it said; `phoenix doctor` explains the usual reasons."
