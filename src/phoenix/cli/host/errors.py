"""What `phoenix host enrol` can refuse before it asks the server."""

from phoenix.core.errors import ConflictError, InvalidError


class HostFolderTakenError(ConflictError):
    """The folder holds the files of a host that was enrolled before."""

    code = "HOST_FOLDER_TAKEN"
    user_action = "Name another folder with --folder, or renew that host with --again."


class HostFolderNameError(InvalidError):
    """A host cannot have this name, so there is no folder of it either."""

    code = "HOST_FOLDER_NAME_INVALID"
    user_action = "Give --name letters, digits, dots, dashes and underscores, at most 253 characters."
