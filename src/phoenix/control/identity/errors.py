"""Why a token does not open the door, and what can go wrong when one is made."""

from phoenix.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError


class AuthenticationError(DeniedError):
    """The token is not one that Phoenix made."""

    code = "AUTHENTICATION_FAILED"
    user_action = "Check the token; an admin can make another one."


class TokenRevokedError(AuthenticationError):
    """The token was revoked, or the host's credential was replaced by a newer one. Details: `id`."""

    code = "AUTHENTICATION_REVOKED"
    user_action = "Ask an admin for another token; a host is enrolled again."


class TokenExpiredError(AuthenticationError):
    """The token's time is over. Details: `id`, `expired_at`."""

    code = "AUTHENTICATION_EXPIRED"
    user_action = "Ask an admin for another token."


class EnrolmentUsedUpError(DeniedError):
    """The enrolment token has enrolled as many hosts as it may. Details: `id`."""

    code = "ENROLMENT_TOKEN_USED_UP"
    user_action = "Ask an admin for another enrolment token, for enough hosts."


class TokenNotFoundError(NotFoundError):
    """There is no token with this id."""

    code = "TOKEN_NOT_FOUND"
    user_action = "List the tokens and use an id from there."


class LifetimeError(InvalidError):
    """A token was asked for that would never be valid."""

    code = "TOKEN_LIFETIME_INVALID"
    user_action = "Give a lifetime and a number of uses above zero."


class CredentialConflictError(ConflictError):
    """Two credentials were issued to one host at once; this one was not. Details: `host_id`."""

    code = "HOST_CREDENTIAL_CONFLICT"
    user_action = "Use the credential that was issued, or ask for another one."
