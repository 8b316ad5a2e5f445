"""What can go wrong between a client and the server, and the server's own errors, raised again here."""

from collections.abc import Mapping
from typing import Any, Self

from phoenix.core.errors import ErrorKind, InvalidError, PhoenixError, UnavailableError


class ApiError(PhoenixError):
    """The server refused; kind, code, message and remedy are the server's.

    Attributes:
        status: of HTTP.
    """

    kind = ErrorKind.INVALID
    code = "API_REFUSED"
    user_action = "Look at the message and details; they are the server's."
    status: int = 0

    @classmethod
    def from_problem(cls, problem: Mapping[str, Any], status: int = 0) -> Self:
        """Return the error that a problem document tells.

        Raises:
            KeyError, ValueError, TypeError: it is no problem document of Phoenix.
        """
        details = dict(problem["details"])
        if problem.get("request_id"):
            details["request_id"] = problem["request_id"]
        kind = ErrorKind(problem["title"].replace(" ", "_")) if problem["title"] != "bug" else ErrorKind.UNAVAILABLE
        error = cls(problem["message"], user_action=problem["user_action"], **details)
        # The class cannot know them: they belong to whichever error the server raised.
        error.__dict__.update(kind=kind, code=problem["code"], status=status)
        return error


class ApiUnavailableError(UnavailableError):
    """The server cannot be reached, or does not answer in time."""

    code = "API_UNAVAILABLE"
    user_action = "Start the server with `phoenix up`, or name one that runs in PHOENIX_API_URL."


class ApiCertificateError(UnavailableError):
    """The server shows a certificate that is not trusted here."""

    code = "API_CERTIFICATE_UNTRUSTED"
    user_action = "Name the authority that signed it in PHOENIX_API_CA, and the server as its certificate does."


class ApiTokenError(InvalidError):
    """The token cannot be shown: it holds characters that no token has."""

    code = "API_TOKEN_INVALID"
    user_action = "Give PHOENIX_AUTH_TOKEN the token alone, as it was shown: no quotes, spaces or line breaks."


class ApiNameError(InvalidError):
    """A name or id that nothing can have, since it is no single step of a path."""

    code = "API_NAME_INVALID"
    user_action = "Use a name or an id as `phoenix host list` and `phoenix experiment list` show it."


class ApiAnswerError(UnavailableError):
    """Something answers at the address, but not a Phoenix server of this version."""

    code = "API_ANSWER_UNKNOWN"
    user_action = "Check PHOENIX_API_URL, and that client and server are of one version (`phoenix version`)."


class ApiAddressError(InvalidError):
    """The address of the server is no http:// or https:// address."""

    code = "API_ADDRESS_INVALID"
    user_action = "Give PHOENIX_API_URL as http://HOST:PORT or https://HOST:PORT."
