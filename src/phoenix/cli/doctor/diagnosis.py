"""What ails one host, as the server judges it, on one screen."""

from collections.abc import Mapping
from typing import Any, Final

from phoenix.cli.host.list import running
from phoenix.cli.remote.words import ago
from phoenix.cli.terminal.blocks import Block, Column, Table, Verbatim

_NOTHING: Final = "none"
# All of it stays on one screen of 24 lines; `phoenix host get` and `host history` tell more.
_LOG_LINES: Final = 3
_LOG_CHARACTERS: Final = 95


def is_well(diagnosis: Mapping[str, Any]) -> bool:
    """Return whether nothing ails the host."""
    return bool(diagnosis["ailment"] == _NOTHING)


def diagnosis_blocks(diagnosis: Mapping[str, Any]) -> list[Block]:
    """Return the headline, why, what to do next, the host, and what it said last."""
    lines = [f"{diagnosis['host']['name']}: {diagnosis['headline']}"]
    lines += [f"  {reason}" for reason in diagnosis["why"]]
    if diagnosis["next_step"]:
        lines.append(f"What to do: {diagnosis['next_step']}")
    blocks: list[Block] = ["\n".join(lines), _host(diagnosis["host"])]
    # What the reasons quote need not stand there twice.
    new = [line for line in diagnosis["log"] if not any(line[:_LOG_CHARACTERS] in why for why in diagnosis["why"])]
    if new:
        said = "".join(f"  {line[:_LOG_CHARACTERS]}\n" for line in new[-_LOG_LINES:])
        blocks.append(Verbatim(f"It said last:\n{said}"))
    return blocks


def _host(host: Mapping[str, Any]) -> Block:
    rows = [
        ("state", host["state"]),
        ("last seen", ago(host["last_seen"])),
        ("runs", running(host)),
        ("last verified", host["verified"] or "none yet"),
    ]
    return Table((Column(host["id"], keep=True), Column("")), rows)
