"""The findings of the first stage: the text itself."""

from typing import Final

from phoenix.collector.config.errors import ConfigSyntaxError, ConfigTooComplexError
from phoenix.collector.config.place import Place
from phoenix.collector.validate.finding import Code, Finding, Severity

NOT_YAML: Final = Code(
    "CONFIG_NOT_YAML",
    Severity.ERROR,
    "The text is not the YAML of a config: it cannot be read, has a key twice or several documents, or is no mapping.",
    "Correct the YAML at the line named; a config is a mapping with receivers, exporters and service.",
    "the text",
)
TOO_COMPLEX: Final = Code(
    "CONFIG_TOO_COMPLEX",
    Severity.ERROR,
    "The text is larger, deeper or more repetitive than any config is, and is not read further.",
    "Split the config, or write out what its anchors repeat.",
    "the text",
)
CODES: Final = (NOT_YAML, TOO_COMPLEX)


def finding(error: ConfigSyntaxError, source: str) -> Finding:
    """Return the finding for an error that parsing raised."""
    code = TOO_COMPLEX if isinstance(error, ConfigTooComplexError) else NOT_YAML
    line, column = error.details.get("line"), error.details.get("column")
    place = Place(source, line, column) if isinstance(line, int) and isinstance(column, int) else Place(source, 1, 1)
    return code.at(place, str(error.details.get("problem", error.message)))
