"""Why a server does not start. Each is said before anything is listened on or changed."""

from phoenix.core.errors import ConflictError, DeniedError, InvalidError, UnavailableError


class DataFolderDeniedError(DeniedError):
    """This user may not make or write the data folder."""

    code = "DATA_FOLDER_DENIED"
    user_action = "Name a folder that this user may write in the setting server.data_dir."


class DataFolderUnusableError(UnavailableError):
    """The data folder cannot be used: something else is at its path, its disk is full, a file in it is unreadable."""

    code = "DATA_FOLDER_UNUSABLE"
    user_action = "Free the path or its disk, or name another folder in the setting server.data_dir."


class DataFolderInUseError(ConflictError):
    """Another server uses the data folder. Details: `pid` and `url` of it, where known."""

    code = "DATA_FOLDER_IN_USE"
    user_action = "Use the server that runs, or stop it, or name another folder in the setting server.data_dir."


class PortInUseError(ConflictError):
    """Another program listens on the port."""

    code = "PORT_IN_USE"
    user_action = "Stop the other program, or name another port in the setting that the message names."


class AddressUnusableError(InvalidError):
    """This machine has no such address, or this user may not listen on the port."""

    code = "ADDRESS_UNUSABLE"
    user_action = "Name an address of this machine in server.host, and ports above 1023 unless you are root."


class PlaintextRefusedError(DeniedError):
    """The server would listen without TLS where others can reach it."""

    code = "PLAINTEXT_REFUSED"
    user_action = (
        "Set server.tls_certificate and server.tls_key, listen on 127.0.0.1, or allow it with server.plaintext: true "
        "where a proxy in front ends TLS."
    )


class TlsFilesError(InvalidError):
    """Certificate and key cannot be read or do not belong together."""

    code = "TLS_FILES_INVALID"
    user_action = "Name a certificate and its private key, both in PEM, that this user may read."
