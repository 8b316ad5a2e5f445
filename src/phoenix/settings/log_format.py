"""How a server writes its log."""

from enum import StrEnum


class LogFormat(StrEnum):
    """One line an event: for people, or for programs."""

    CONSOLE = "console"
    JSON = "json"
