"""What can be wrong with a config's text before anything in it is understood."""

from typing import Self

from phoenix.collector.config.place import Place
from phoenix.core.errors import InvalidError


class ConfigSyntaxError(InvalidError):
    """The text is not YAML, not a mapping, or a config that would not run. Details: place and `problem`, or `findings`.

    The control plane raises it too, for a text that validation refuses: one code for a config that is wrong.
    """

    code = "PIPELINE_INVALID_CONFIG"
    user_action = "Correct the config at the line named; `phoenix pipeline validate FILE` checks it again."

    @classmethod
    def at(cls, place: Place, problem: str) -> Self:
        """Return the error for a problem at a place."""
        return cls(f"{place}: {problem}", place=str(place), line=place.line, column=place.column, problem=problem)


class ConfigTooComplexError(ConfigSyntaxError):
    """The text is larger, deeper or more repetitive than any config is: refused before it costs time or memory."""

    code = "CONFIG_TOO_COMPLEX"
    user_action = "Split the config, or write out what its anchors repeat."
