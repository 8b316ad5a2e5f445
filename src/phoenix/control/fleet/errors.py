"""What the fleet refuses."""

from phoenix.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError


class HostNotFoundError(NotFoundError):
    """No host has this id or name."""

    code = "HOST_NOT_FOUND"
    user_action = "List the hosts with `phoenix host list` and use an id or a name from there."


class HostNameTakenError(ConflictError):
    """Another host is enrolled under this name."""

    code = "HOST_NAME_TAKEN"
    user_action = "Choose another name, or ask an administrator to enrol the host again under the name it has."


class HostNameInvalidError(InvalidError):
    """The name or a label of a host cannot be used."""

    code = "HOST_NAME_INVALID"
    user_action = (
        "Use letters, digits, dots, dashes and underscores, at most 253 characters; values of labels may be empty."
    )


class SelectorInvalidError(InvalidError):
    """The selector of hosts cannot be read; the message shows where."""

    code = "SELECTOR_INVALID"
    user_action = (
        "Write requirements divided by commas: `app=web`, `tier in (a,b)`, `zone notin (c)`, `gpu`, `!old`, `name=h1`."
    )


class RevisionNotFoundError(NotFoundError):
    """No config has this revision."""

    code = "CONFIG_REVISION_NOT_FOUND"
    user_action = "Compose and register the config first."


class ConfigRefusedError(InvalidError):
    """The pinned collector, or what we know about it, refuses the config; nothing was stored and nothing is offered."""

    code = "CONFIG_REFUSED"
    user_action = "Correct what the findings name; `phoenix pipeline validate FILE` shows each with its place."


class HostFencedError(ConflictError):
    """Another replica holds the host now."""

    code = "HOST_HELD_ELSEWHERE"
    user_action = "Nothing to do: the replica that holds the host's connection goes on."


class HostEnrolmentDeniedError(DeniedError):
    """An enrolment token was used to renew a host that is enrolled already, which would take it over."""

    code = "HOST_ENROLMENT_DENIED"
    user_action = "Ask an administrator to enrol the host again, or choose a name that is free."
