"""What an experiment will do, as people see it."""

from collections.abc import Mapping
from typing import Any

from phoenix.cli.remote.words import number
from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.core.units import format_bytes


def plan_blocks(plan: Mapping[str, Any]) -> list[Block]:
    """Return hosts, restarts, what the copy costs, and what the critical patterns match."""
    rows = [("restarts", plan["restarts"])]
    names = {host["id"]: host["name"] for host in plan["hosts"]}
    rows.append(("hosts", ", ".join(names.values())))
    rows += [("left out", f"{name}: {why}") for name, why in plan["left_out"].items()]
    rows += [(f"copy, {names.get(host, host)}", _copy(cost)) for host, cost in plan["copy"].items()]
    for pattern, matches in plan["critical_processes"].items():
        rows.append((f"critical {pattern}", "not known yet" if matches is None else ", ".join(matches) or "no process"))
    rows += [("not paired", text) for text in plan["unpaired"]]
    rows += [("note", text) for text in plan["notes"]]
    rows += [("claimed", f"{names.get(it['host'], it['host'])} by {it['owner']}") for it in plan["claimed"]]
    return [Table((Column("plan", keep=True), Column("")), rows)]


def _copy(cost: Mapping[str, Any]) -> str:
    if cost["points_per_second"] is None:
        return "not known before the host was measured once"
    points = f"at most {number(cost['points_per_second'], 1)} points/s to the meter"
    size = cost["bytes_per_second"]
    return points if size is None else f"{points}, {format_bytes(size)}/s uncompressed"
