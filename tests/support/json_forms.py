"""Other ways to write a JSON document: keys in any order and spelling, white space, escapes, nulls."""

import json
import re
from random import Random


def respelled(said: object, random: Random, names: frozenset[str] = frozenset()) -> bytes:
    """Return one line of JSON that says the same to a reader of OTLP.

    Args:
        said: parsed JSON.
        random: makes the choices.
        names: keys that may also be written with underscores.
    """
    return _written(said, random, names).encode() + random.choice([b"\n", b"\r\n", b" \n", b""])


def _written(said: object, random: Random, names: frozenset[str]) -> str:
    if isinstance(said, dict):
        members = list(said.items())
        if random.random() < 0.5:
            random.shuffle(members)
        texts = [
            f"{_gap(random)}{json.dumps(_spelling(key, random, names))}{_gap(random)}:"
            f"{_gap(random)}{_written(value, random, names)}{_gap(random)}"
            for key, value in members
        ]
        return "{" + ",".join(texts or [_gap(random)]) + "}"
    if isinstance(said, list):
        items = [_gap(random) + _written(item, random, names) + _gap(random) for item in said]
        return "[" + ",".join(items or [_gap(random)]) + "]"
    if isinstance(said, str):
        return '"' + "".join(_character(character, random) for character in said) + '"'
    return json.dumps(said)


def _spelling(key: str, random: Random, names: frozenset[str]) -> str:
    if key in names and random.random() < 0.1:
        return re.sub("([A-Z])", lambda capital: "_" + capital[1].lower(), key)
    return key


def _gap(random: Random) -> str:
    return random.choice(["", "", "", "", " ", "\t ", "  \r"])


def _character(character: str, random: Random) -> str:
    escaped = json.dumps(character)[1:-1]
    plain = character >= " " and character not in '"\\'
    if plain and random.random() < 0.8:
        return character
    if character == "/":
        return "\\/"
    if random.random() < 0.3:
        units = character.encode("utf-16-be")
        form = "\\u%04X" if random.random() < 0.5 else "\\u%04x"
        return "".join(form % int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2))
    return escaped
