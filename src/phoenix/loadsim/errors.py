"""What can go wrong with a load simulation."""

import errno
from pathlib import Path

from phoenix.core.errors import (
    ConflictError,
    DeniedError,
    InvalidError,
    NotFoundError,
    PhoenixError,
    UnavailableError,
)


class ProfileInvalidError(InvalidError):
    """A load profile has an unknown key, a missing one, or a value of the wrong type or out of range."""

    code = "LOADSIM_PROFILE_INVALID"
    user_action = "Correct the field named; `phoenix loadsim list-profiles` shows profiles that work."


class ProfileNotFoundError(NotFoundError):
    """No built-in profile has this name, or the file does not exist."""

    code = "LOADSIM_PROFILE_NOT_FOUND"
    user_action = "Name a built-in profile (`phoenix loadsim list-profiles`) or the path of a YAML file."


class SimulationRunningError(ConflictError):
    """A simulation already runs from this folder."""

    code = "LOADSIM_ALREADY_RUNNING"
    user_action = "Stop it first with `phoenix loadsim stop`."


class SimulationNotRunningError(NotFoundError):
    """No simulation runs from this folder."""

    code = "LOADSIM_NOT_RUNNING"
    user_action = "Start one with `phoenix loadsim start`."


class SimulationFolderError(DeniedError):
    """The folder for the state file cannot be made or written to."""

    code = "LOADSIM_FOLDER_UNUSABLE"
    user_action = "Give a folder that exists on a disk with room and that this user may write to."


class SimulationSpaceError(UnavailableError):
    """The disk of the folder for the state file is full."""

    code = "LOADSIM_DISK_FULL"
    user_action = "Free space on that disk, or choose another cache folder, and try again."


class SimulationNotOursError(DeniedError):
    """The simulation was started by another user."""

    code = "LOADSIM_NOT_PERMITTED"
    user_action = "Stop it as the user who started it, or as root."


class ProcessLimitError(UnavailableError):
    """The system refused to start another process."""

    code = "LOADSIM_PROCESS_LIMIT"
    user_action = "Ask for fewer processes (--process-count), or raise the limit (ulimit -u, or the cgroup's pids.max)."


class MemoryShortError(UnavailableError):
    """The profile would take more memory than the machine can spare."""

    code = "LOADSIM_NOT_ENOUGH_MEMORY"
    user_action = "Ask for fewer processes (--process-count), or use a profile with less memory."


class SimulationFailedError(UnavailableError):
    """The supervisor of the simulation did not start, or ended by itself."""

    code = "LOADSIM_FAILED"
    user_action = (
        "Read the message; if it does not help, report it: this is a bug or a system that is out of resources."
    )


class PlatformUnsupportedError(UnavailableError):
    """Load simulation needs Linux."""

    code = "LOADSIM_PLATFORM_UNSUPPORTED"
    user_action = "Run it on Linux, or in a Linux container or virtual machine."


def folder_error(folder: Path, error: OSError) -> PhoenixError:
    """Return the error that tells why the folder for the state file cannot be used."""
    kind = SimulationSpaceError if error.errno in {errno.ENOSPC, errno.EDQUOT} else SimulationFolderError
    return kind(f"{folder}: {error.strerror}")
