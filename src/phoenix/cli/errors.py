"""What a command itself can refuse: files it is given, files it must write, its own line."""

from phoenix.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError, UnavailableError


class UsageError(InvalidError):
    """The command line does not fit the command."""

    code = "USAGE"
    user_action = "Run the command with --help to see what it takes."


class InputFileNotFoundError(NotFoundError):
    """A file named on the command line is not there."""

    code = "INPUT_FILE_NOT_FOUND"
    user_action = "Check the path."


class InputFileUnreadableError(InvalidError):
    """A file named on the command line is a folder, not UTF-8 text, or otherwise unfit to read."""

    code = "INPUT_FILE_UNREADABLE"
    user_action = "Name a text file, or - for standard input."


class InputFileDeniedError(DeniedError):
    """This user may not read a file named on the command line."""

    code = "INPUT_FILE_DENIED"
    user_action = "Give this user the right to read the file, or run as one who has it."


class OutputExistsError(ConflictError):
    """The place to write to is taken by something else, such as a folder."""

    code = "OUTPUT_EXISTS"
    user_action = "Choose another path for the output, or move what is there."


class OutputDeniedError(DeniedError):
    """This user may not write there, or the file system is read-only."""

    code = "OUTPUT_DENIED"
    user_action = "Choose a folder that this user may write to."


class OutputUnavailableError(UnavailableError):
    """The output cannot be written: the folder is missing, the disk is full, or writing failed."""

    code = "OUTPUT_UNAVAILABLE"
    user_action = "Make the folder, or free space on its disk, then run the command again."


class TemporaryFolderError(UnavailableError):
    """There is no folder for temporary files: none can be written, or their disks are full."""

    code = "TEMPORARY_FOLDER_UNUSABLE"
    user_action = "Free space where temporary files go (the folder that TMPDIR names, else /tmp), or name another one."


class PipelineRefusedError(InvalidError):
    """`phoenix pipeline validate` found at least one error; the findings are on standard output."""

    code = "PIPELINE_REFUSED"
    user_action = "Correct the findings marked error; each says what to do."
