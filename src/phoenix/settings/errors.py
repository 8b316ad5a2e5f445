"""What can be wrong with settings. Each message names the file or variable, the key and what it should be."""

from phoenix.core.errors import InvalidError, NotFoundError


class SettingsFileNotFoundError(NotFoundError):
    """PHOENIX_CONFIG_FILE names a file that is not there."""

    code = "SETTINGS_FILE_NOT_FOUND"
    user_action = "Correct PHOENIX_CONFIG_FILE, or unset it to use the file in the XDG config folder if there is one."


class SettingsFileError(InvalidError):
    """The settings file cannot be read as YAML or TOML."""

    code = "SETTINGS_FILE_INVALID"
    user_action = "Correct the file at the place named; docs/reference/settings.md shows an example."


class UnknownSettingError(InvalidError):
    """A key in the file, or a variable that starts with PHOENIX_, is no setting."""

    code = "SETTING_UNKNOWN"
    user_action = "Correct the name or remove it; docs/reference/settings.md lists every setting."


class SettingValueError(InvalidError):
    """A setting has a value of the wrong type, or out of its range."""

    code = "SETTING_VALUE_INVALID"
    user_action = "Give it a value as docs/reference/settings.md describes it."
