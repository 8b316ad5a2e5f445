"""How the paths of a text say whose they are; it depends on where the text stands in a config."""

from enum import Enum, auto


class Prefixes(Enum):
    """What a path without a known context in front of it is."""

    NEEDED = auto()
    """An error: statements and conditions without a `context:` of their group."""
    ADDED = auto()
    """A path of the group's context, whatever it begins with: `context:` with statements or conditions."""
    OPEN = auto()
    """A path of the context of the place: `conditions` of a transform group with `context:`, filter's `metrics:`."""
