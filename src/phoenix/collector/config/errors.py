"""What can be wrong with a config's text before anything in it is understood."""

from phoenix.core.errors import InvalidError


class ConfigSyntaxError(InvalidError):
    """The text is not YAML, or not a mapping."""

    code = "PIPELINE_INVALID_CONFIG"
    user_action = "Correct the YAML at the line named."


class ConfigTooComplexError(InvalidError):
    """The text is larger, deeper or more repetitive than any config is: refused before it costs time or memory."""

    code = "CONFIG_TOO_COMPLEX"
    user_action = "Split the config, or write out what its anchors repeat."
