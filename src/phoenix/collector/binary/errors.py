"""What can stand between Phoenix and a collector that it may use."""

from phoenix.core.errors import DeniedError, InvalidError, NotFoundError, UnavailableError


class ProgramNotFoundError(NotFoundError):
    """No usable collector or supervisor is on this machine. Details: `rejected`, what was looked at and why not."""

    code = "PROGRAM_NOT_FOUND"
    user_action = "Let Phoenix build it, or name one in the settings."


class ProgramUnusableError(InvalidError):
    """The program named is not what it should be, or cannot be started."""

    code = "PROGRAM_UNUSABLE"
    user_action = (
        "Name the file of a collector (or supervisor) that this machine can run, or remove the setting to let Phoenix "
        "build its own."
    )


class CollectorVersionError(InvalidError):
    """The program named is older than Phoenix works with. Details: `version`, `needed`."""

    code = "PROGRAM_VERSION_TOO_OLD"
    user_action = "Name a newer one, or remove the setting to let Phoenix build its own."


class ComponentsMissingError(InvalidError):
    """The collector named lacks components. Details: `missing`."""

    code = "COLLECTOR_COMPONENTS_MISSING"
    user_action = (
        "Name a collector that has them (such as otelcol-contrib), or remove the setting to build Phoenix's own."
    )


class ToolchainMissingError(NotFoundError):
    """There is no Go to build with."""

    code = "GO_TOOLCHAIN_MISSING"
    user_action = "Run ./dev, which installs Go as a wheel, or put a Go of at least the version named on PATH."


class BuildFailedError(UnavailableError):
    """The compiler ended with an error. Details: `output`, the end of what it said."""

    code = "COLLECTOR_BUILD_FAILED"
    user_action = "Look at the output; what was built so far is kept, so that trying again goes on from there."


class BuildDownloadError(UnavailableError):
    """Go modules could not be downloaded."""

    code = "COLLECTOR_BUILD_NO_NETWORK"
    user_action = "Check the network and the GOPROXY setting, then try again; what was downloaded is kept."


class BuildSpaceError(UnavailableError):
    """The disk is full."""

    code = "COLLECTOR_BUILD_DISK_FULL"
    user_action = "Free about 5 GB where Go keeps its caches (go env GOCACHE GOMODCACHE) and in Phoenix's cache folder."


class BuildFolderError(DeniedError):
    """Phoenix's cache folder cannot be written."""

    code = "CACHE_FOLDER_DENIED"
    user_action = "Make the folder writable, or choose another cache folder."
