"""Collector configs named on a command line."""

from phoenix.cli.files import STANDARD_INPUT, read_text
from phoenix.cli.terminal.streams import Streams
from phoenix.collector.config.document import ConfigDocument

SOURCE_OF_STANDARD_INPUT = "<stdin>"


def source_of(path: str) -> str:
    """Return what messages call the config: its path, or <stdin>."""
    return SOURCE_OF_STANDARD_INPUT if path == STANDARD_INPUT else path


def read_config(streams: Streams, path: str) -> ConfigDocument:
    """Return a config, its places named after the path.

    Raises:
        PhoenixError: the file cannot be read, or is not YAML; the message names the place.
    """
    return ConfigDocument.parse(read_text(streams, path), source_of(path))
