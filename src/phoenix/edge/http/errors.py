"""What HTTP itself can refuse, before any feature is asked."""

from phoenix.core.errors import DeniedError, InvalidError, NotFoundError, UnavailableError


class RequestMalformedError(InvalidError):
    """The body is not JSON, or the request is not HTTP as the server understands it."""

    code = "REQUEST_MALFORMED"
    user_action = "Send a JSON object as the body, with `Content-Type: application/json`."


class RequestInvalidError(InvalidError):
    """A field of the request is missing, unknown, or of the wrong type or range; the details name each."""

    code = "REQUEST_INVALID"
    user_action = "Correct the fields named; /api/v1/openapi.json describes every request."


class RouteNotFoundError(NotFoundError):
    """There is nothing at this path."""

    code = "ROUTE_NOT_FOUND"
    user_action = "Check the path; /api/v1/openapi.json lists every one."


class MethodNotAllowedError(InvalidError):
    """The path exists, but not with this method."""

    code = "METHOD_NOT_ALLOWED"
    user_action = "Use a method that the Allow header of the answer names."


class BodyTooLargeError(InvalidError):
    """The body is larger than the server takes."""

    code = "BODY_TOO_LARGE"
    user_action = "Send less; the setting server.max_body_bytes is the limit."


class BodyTooSlowError(InvalidError):
    """The body did not arrive in time."""

    code = "BODY_TOO_SLOW"
    user_action = "Send the whole body at once; the setting server.body_timeout is the limit."


class RateLimitedError(UnavailableError):
    """This caller asked too often."""

    code = "RATE_LIMITED"
    user_action = "Wait as long as the Retry-After header says, then try again."


class RequestTimeoutError(UnavailableError):
    """The server gave up on a request that took too long; nothing of it was kept."""

    code = "REQUEST_TIMEOUT"
    user_action = "Try again; if it stays, look at the server's log for the request id."


class TokenMissingError(DeniedError):
    """The request carries no token."""

    code = "AUTHENTICATION_REQUIRED"
    user_action = "Send `Authorization: Bearer TOKEN`; the command takes the token from PHOENIX_AUTH_TOKEN."


class ScopeMissingError(DeniedError):
    """The caller is known, but may not do this."""

    code = "SCOPE_MISSING"
    user_action = "Use a token that holds the scope named, or ask an admin for one."
