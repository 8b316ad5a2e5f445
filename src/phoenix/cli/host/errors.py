"""What `phoenix host enrol` can refuse before it asks the server."""

from phoenix.core.errors import ConflictError


class HostFolderTakenError(ConflictError):
    """The folder holds the files of a host that was enrolled before."""

    code = "HOST_FOLDER_TAKEN"
    user_action = "Name another folder with --folder, or renew that host with --again."
