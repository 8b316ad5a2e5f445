"""How an error looks: text for people, a problem document (RFC 9457) for programs. Written to stderr by main()."""

import json
from collections.abc import Mapping
from typing import Final

from phoenix.cli.exit_status import ExitStatus, status_of
from phoenix.cli.terminal.plain import plain
from phoenix.cli.terminal.printable import printable
from phoenix.core.errors import PhoenixError

_MOST_LINES: Final = 8


def problem_text(error: PhoenixError) -> str:
    """Return the lines that tell a person what is wrong, where, and what to do."""
    lines = [f"error: {error.message}"]
    lines += [f"  {line}" for line in _detail_lines(error.details, error.message)]
    lines += [f"what to do: {error.user_action}", f"code: {error.code}"]
    return printable("\n".join(lines)) + "\n"


def problem_document(error: PhoenixError) -> str:
    """Return one JSON object: type, title, code, message, details, user_action, exit_status."""
    document = {
        "type": f"urn:phoenix:error:{error.code}",
        "title": error.kind.value.replace("_", " "),
        "code": error.code,
        "message": error.message,
        "details": {name: _lenient(value) for name, value in error.details.items()},
        "user_action": error.user_action,
        "exit_status": int(status_of(error)),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def bug_text(error: BaseException) -> str:
    """Return the one line for an error nobody meant to raise."""
    return (
        f"error: a bug in Phoenix: {type(error).__name__}: {printable(str(error))}\n"
        "what to do: Report it with the traceback that the same command prints under PHOENIX_DEBUG=1.\n"
        "code: BUG\n"
    )


def bug_document(error: BaseException) -> str:
    """Return the problem document for an error nobody meant to raise."""
    document = {
        "type": "urn:phoenix:error:BUG",
        "title": "bug",
        "code": "BUG",
        "message": f"a bug in Phoenix: {type(error).__name__}: {error}",
        "details": {},
        "user_action": "Report it with the traceback that the same command prints under PHOENIX_DEBUG=1.",
        "exit_status": int(ExitStatus.BUG),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _detail_lines(details: Mapping[str, object], message: str) -> list[str]:
    lines = []
    for name, value in details.items():
        items = [] if value is None else [_lenient(item) for item in _items(value)]
        if isinstance(value, Mapping) and len(items) > _MOST_LINES:
            # A whole document, such as an experiment's last state: programs get it.
            continue
        # What the message says already is not said twice.
        if not all(_is_said(item, message) for item in items):
            # Of a list of findings the first is in the message; the others are worth a line each.
            left = (item for item in items if not (isinstance(item, Mapping) and _is_said(item, message)))
            lines += [f"{name}: {_in_words(item)}" for item in left]
    return lines


def _items(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return [item for part in value.values() for item in _items(part)]
    return list(value) if isinstance(value, list | tuple) else [value]


def _is_said(item: object, message: str) -> bool:
    if isinstance(item, Mapping):
        told = [item["message"]] if "message" in item else _items(item)
        return all(_is_said(part, message) for part in told)
    return str(item) in message


def _in_words(item: object) -> str:
    """Return an item on one line: a finding with its place and code, another mapping as `name=value, ...`."""
    if isinstance(item, list):
        return ", ".join(map(_in_words, item))
    if not isinstance(item, Mapping):
        return str(item)
    if "message" not in item:
        return ", ".join(f"{name}={_in_words(part)}" for name, part in item.items())
    place = ":".join(str(item[part]) for part in ("source", "line", "column") if part in item)
    return f"{place}: {item['message']}" + (f" ({item['code']})" if "code" in item else "")


def _lenient(value: object) -> object:
    """Return `value` as plain data; an error must be told even if its details are odd."""
    try:
        return plain(value)
    except TypeError:
        return str(value)
