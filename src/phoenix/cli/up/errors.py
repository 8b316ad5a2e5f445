"""What `phoenix up` itself can meet; why a server does not start is the server's to say."""

from phoenix.core.errors import UnavailableError


class ServerEndedError(UnavailableError):
    """The server's process ended by itself. Details: `status`, of the process."""

    code = "SERVER_ENDED"
    user_action = "Look at the log above; report it if it shows a traceback."
