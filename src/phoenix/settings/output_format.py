"""How a command writes its result. Apart from the tree, so that help can list the formats without building it."""

from enum import StrEnum


class OutputFormat(StrEnum):
    """The formats of `-o`; `table` and `markdown` are for people, the others for programs."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"
    MARKDOWN = "markdown"
