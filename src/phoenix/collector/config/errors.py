"""What can be wrong with a config's text before anything in it is understood."""

from typing import Self

from phoenix.collector.config.place import Place
from phoenix.core.errors import InvalidError


class ConfigSyntaxError(InvalidError):
    """The text is not YAML, or not a mapping. Details: `place`, `line`, `column` and `problem`."""

    code = "PIPELINE_INVALID_CONFIG"
    user_action = "Correct the YAML at the line named."

    @classmethod
    def at(cls, place: Place, problem: str) -> Self:
        """Return the error for a problem at a place."""
        return cls(f"{place}: {problem}", place=str(place), line=place.line, column=place.column, problem=problem)


class ConfigTooComplexError(ConfigSyntaxError):
    """The text is larger, deeper or more repetitive than any config is: refused before it costs time or memory."""

    code = "CONFIG_TOO_COMPLEX"
    user_action = "Split the config, or write out what its anchors repeat."
