"""What can go wrong between the server and an agent."""

from phoenix.core.errors import InvalidError, UnavailableError


class AgentGoneError(UnavailableError):
    """The agent is no longer connected, or does not read what it is sent."""

    code = "OPAMP_AGENT_GONE"
    user_action = "Wait until the host is connected again; look at its supervisor if it stays away."


class AgentBusyError(UnavailableError):
    """The agent is still applying the config that it was offered before."""

    code = "OPAMP_AGENT_BUSY"
    user_action = "Wait until the agent says how the earlier config ended, then try again."


class OfferEmptyError(InvalidError):
    """The config to offer is no YAML or holds no pipeline; an agent would stop its collector."""

    code = "OPAMP_OFFER_EMPTY"
    user_action = "Offer a config with at least one pipeline below `service.pipelines`."


class BadMessageError(InvalidError):
    """What an agent sent is not an OpAMP message, or lacks what every message has."""

    code = "OPAMP_MESSAGE_INVALID"
    user_action = "Look at what connects here: it is no OpAMP agent, or one that is broken."


class MessageTooLargeError(InvalidError):
    """What an agent sent is larger than an OpAMP message may be, packed or unpacked."""

    code = "OPAMP_MESSAGE_TOO_LARGE"
    user_action = "Make the host's config smaller; the agent reports it expanded, with every default."
