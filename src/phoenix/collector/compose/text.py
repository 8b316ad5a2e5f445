"""Values to YAML that the collector reads as the same values, byte for byte the same each time.

The collector reads YAML with Go's yaml.v3, whose plain scalars are neither YAML 1.1 nor 1.2. So a text is written
plain only when it is a word under either rule, else in quotes. `${env:NAME}` stays as it is.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from phoenix.collector.config import scalars

_PLAIN: Final = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*")
# No text is folded: a folded statement cannot be searched for.
_WIDTH: Final = 1 << 20


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 PyYAML calls it so
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    plain = _PLAIN.fullmatch(value) and scalars.resolve(value) == value
    # libyaml goes over to double quotes by itself where single ones cannot say it.
    quotes = '"' if "\n" in value else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else quotes)


_Dumper.add_representer(str, _text)


def written(data: Mapping[str, Any], comment: str) -> str:
    """Return the YAML of `data` below a comment of one line, keys in the order they have."""
    dumped = yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
    )
    return f"# {comment}\n{dumped}"


def digest(text: str) -> str:
    """Return the SHA-256 of a text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def copied(value: Any) -> Any:
    """Return a value of a config that may be changed; what an alias repeated becomes one copy each time."""
    if isinstance(value, Mapping):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value
