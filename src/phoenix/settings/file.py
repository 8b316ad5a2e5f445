"""The settings file: where it is, its values, and the place of each key in it."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from phoenix.collector.config import nodes
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.errors import ConfigSyntaxError
from phoenix.core.texts import read_text
from phoenix.settings.errors import SettingsFileError, SettingsFileNotFoundError

FILE_VARIABLE = "PHOENIX_CONFIG_FILE"
_TOML = ".toml"
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What a settings file says. TOML keeps no positions, so there a place is the file alone."""

    source: str
    values: Mapping[str, Any]
    _document: ConfigDocument | None = field(default=None, repr=False)

    def place(self, path: Sequence[str]) -> str:
        """Return where the key is, as `file:line:column`, or the file when it keeps no positions."""
        return str(self._document.locate(path)) if self._document else self.source


def default_path() -> Path:
    """Return `phoenix/config.yaml` in the XDG config folder, normally ~/.config, whether it exists or not."""
    home = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(home) if Path(home).is_absolute() else Path.home() / ".config") / "phoenix" / "config.yaml"


def read_settings_file() -> SettingsFile:
    """Return the file that PHOENIX_CONFIG_FILE names, else the default one, else an empty one.

    Raises:
        SettingsFileNotFoundError: the variable names a file that is not there.
        SettingsFileError: it cannot be read, or is neither YAML nor TOML, or is not a mapping.
    """
    named = os.environ.get(FILE_VARIABLE, "")
    path = Path(named).expanduser() if named else default_path()
    try:
        text = read_text(path)
    except FileNotFoundError:
        if named:
            raise SettingsFileNotFoundError(f"{path}: there is no such file", variable=FILE_VARIABLE) from None
        return SettingsFile(str(path), {})
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsFileError(f"{path}: the settings cannot be read: {reason}", file=str(path)) from error
    return _parse(path, text)


def _parse(path: Path, text: str) -> SettingsFile:
    if path.suffix == _TOML:
        try:
            return SettingsFile(str(path), tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise SettingsFileError(f"{path}: {error}", file=str(path)) from error
    if path.suffix not in _YAML:
        raise SettingsFileError(
            f"{path}: the name must end in .yaml, .yml or .toml, so that the format is known", file=str(path)
        )
    try:
        root = nodes.compose(text.removeprefix("\ufeff"), str(path))
    except ConfigSyntaxError as error:
        raise SettingsFileError(error.message, place=error.details["place"]) from error
    if root is None or (isinstance(root, nodes.ScalarNode) and root.value is None):
        return SettingsFile(str(path), {})
    if not isinstance(root, nodes.MappingNode):
        raise SettingsFileError(f"{root.place}: settings are a mapping of keys to values", place=str(root.place))
    document = ConfigDocument(text, str(path), nodes.plain_data(root), root)
    return SettingsFile(str(path), document.data, document)
