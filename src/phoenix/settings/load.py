"""Reading the settings: defaults, then the file, then the environment. The only place that makes a `Settings`."""

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from phoenix.settings.errors import SettingValueError, UnknownSettingError
from phoenix.settings.fields import OTHER_VARIABLES, PREFIX, fields_of, variable_of
from phoenix.settings.file import SettingsFile, read_settings_file
from phoenix.settings.model import Settings

SomeSettings = TypeVar("SomeSettings", bound=Settings)


def load_settings() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsFileNotFoundError: PHOENIX_CONFIG_FILE names a file that is not there.
        SettingsFileError: the file cannot be read.
        UnknownSettingError: a key of the file or a PHOENIX_ variable is no setting; a near one is suggested.
        SettingValueError: a value has the wrong type or is out of range.
    """
    return load_tree(Settings)


def load_tree(model: type[SomeSettings]) -> SomeSettings:
    """Return any tree of settings, read as `load_settings` reads ours; raises the same."""
    file = read_settings_file()
    _refuse_unknown_variables(model)
    for path in _unknown_keys(model, file.values, ()):
        _refuse_key(model, file, path)
    try:
        return model(**file.values)
    except ValidationError as error:
        raise _value_error(error.errors(include_url=False, include_input=False)[0], file) from error


def _refuse_unknown_variables(model: type[BaseModel]) -> None:
    known = {field.variable for field in fields_of(model)} | OTHER_VARIABLES.keys()
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            raise UnknownSettingError(
                f"environment variable {name}: there is no such setting{_did_you_mean(name, known)}", variable=name
            )


def _unknown_keys(
    model: type[BaseModel], values: Mapping[Any, Any], above: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    for key, value in values.items():
        path = (*above, str(key))
        field = model.model_fields.get(key) if isinstance(key, str) else None
        if field is None:
            yield path
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            # Anything but a mapping here is a wrong value, which pydantic reports.
            yield from _unknown_keys(field.annotation, value, path) if isinstance(value, Mapping) else ()


def _refuse_key(model: type[BaseModel], file: SettingsFile, path: tuple[str, ...]) -> None:
    key = ".".join(path)
    known = {field.key for field in fields_of(model)}
    place = file.place(path)
    raise UnknownSettingError(
        f"{place}: {key}: there is no such setting{_did_you_mean(key, known)}", place=place, key=key
    )


def _did_you_mean(name: str, known: set[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.7)
    return f"; did you mean {near[0]}?" if near else ""


def _value_error(problem: ErrorDetails, file: SettingsFile) -> SettingValueError:
    """Return the error for one finding of pydantic, naming whichever of variable and file gave the value."""
    path = tuple(str(step) for step in problem["loc"])
    key = ".".join(path)
    reason = problem["msg"].removeprefix("Value error, ")
    reason = reason[:1].lower() + reason[1:]
    # A list's own position (`critical_processes.0`) is no variable: look for the nearest key above that is set.
    for length in range(len(path), 0, -1):
        variable = variable_of(path[:length])
        if os.environ.get(variable):
            return SettingValueError(f"environment variable {variable}: {reason}", variable=variable, key=key)
    place = file.place(path)
    return SettingValueError(f"{place}: {key}: {reason}", place=place, key=key)
