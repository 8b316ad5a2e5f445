"""What ails one host, as the server judges it, on one screen."""

from collections.abc import Mapping
from typing import Any, Final

from phoenix.cli.host.get import host_table
from phoenix.cli.terminal.blocks import Block, Verbatim

_NOTHING: Final = "none"


def is_well(diagnosis: Mapping[str, Any]) -> bool:
    """Return whether nothing ails the host."""
    return bool(diagnosis["ailment"] == _NOTHING)


def diagnosis_blocks(diagnosis: Mapping[str, Any]) -> list[Block]:
    """Return the headline, why, what to do next, the host, and what it said last."""
    lines = [f"{diagnosis['host']['name']}: {diagnosis['headline']}"]
    lines += [f"  {reason}" for reason in diagnosis["why"]]
    if diagnosis["next_step"]:
        lines.append(f"What to do: {diagnosis['next_step']}")
    blocks: list[Block] = ["\n".join(lines), host_table(diagnosis["host"])]
    if diagnosis["log"]:
        blocks.append(Verbatim("It said last:\n" + "".join(f"  {line}\n" for line in diagnosis["log"])))
    return blocks
