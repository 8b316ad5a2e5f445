"""Where load profiles come from: those that ship with Phoenix, and the user's own YAML files in the same form."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from phoenix.core.texts import read_text
from phoenix.loadsim.errors import ProfileInvalidError, ProfileNotFoundError
from phoenix.loadsim.profile import Profile

BUILT_IN = ("realistic", "high-cardinality", "high-churn")

_MAX_CHARACTERS = 100_000


@cache
def profiles() -> Mapping[str, Profile]:
    """Return the built-in profiles by name, in the order they are listed to people."""
    folder = files("phoenix.loadsim") / "built_in"
    texts = {name: (folder / f"{name}.yaml").read_text(encoding="utf-8") for name in BUILT_IN}
    return MappingProxyType({name: parse(text, source=f"{name}.yaml") for name, text in texts.items()})


def find(name_or_path: str) -> Profile:
    """Return the built-in profile of this name, or the one in the YAML file of this path.

    Raises:
        ProfileNotFoundError: neither exists, or the file cannot be read.
        ProfileInvalidError: the file is not a load profile.
    """
    if name_or_path in profiles():
        return profiles()[name_or_path]
    try:
        return parse(read_text(Path(name_or_path)), source=name_or_path)
    except UnicodeDecodeError as error:
        raise ProfileInvalidError(f"{name_or_path}: not UTF-8 text") from error
    except OSError as error:
        reason = f"no built-in profile has this name ({', '.join(BUILT_IN)}) and as a file: {error.strerror}"
        raise ProfileNotFoundError(f"{name_or_path}: {reason}") from error


def parse(text: str, *, source: str) -> Profile:
    """Return the profile that a YAML text describes; `source` is what messages call it.

    Raises:
        ProfileInvalidError: not YAML, or a field is wrong: the message names the source and the field.
    """
    if len(text) > _MAX_CHARACTERS:
        raise ProfileInvalidError(f"{source}: no load profile has more than {_MAX_CHARACTERS:,} characters")
    try:
        data = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise ProfileInvalidError(f"{source}: not YAML: {' '.join(str(error).split())}") from error
    try:
        return Profile.from_mapping(data)
    except ProfileInvalidError as error:
        raise ProfileInvalidError(f"{source}: {error.message}", field=error.details.get("field", "")) from error
