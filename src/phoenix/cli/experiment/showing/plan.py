"""What an experiment will do, as people see it."""

from collections.abc import Mapping, Sequence
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
    rows += _critical(plan["critical_processes"])
    rows += [("not paired", text) for text in plan["unpaired"]]
    rows += [("note", text) for text in plan["notes"]]
    rows += [("claimed", f"{names.get(it['host'], it['host'])} by {it['owner']}") for it in plan["claimed"]]
    return [Table((Column("plan", keep=True), Column("")), rows)]


def _critical(patterns: Mapping[str, Sequence[str] | None]) -> list[tuple[str, str]]:
    """Return a row a pattern that matches, and one for all that match nothing or are not known: the list is long."""
    rows = [(f"critical {pattern}", ", ".join(matches)) for pattern, matches in patterns.items() if matches]
    nothing = [pattern for pattern, matches in patterns.items() if matches is not None and not matches]
    unknown = [pattern for pattern, matches in patterns.items() if matches is None]
    if nothing:
        rows.append(("critical, no process", ", ".join(nothing)))
    if unknown:
        told = f"{', '.join(unknown)}: what they match is known once a window of the hosts was measured"
        rows.append(("critical, not known yet", told))
    return rows


def _copy(cost: Mapping[str, Any]) -> str:
    if cost["points_per_second"] is None:
        return "not known before the host was measured once"
    points = f"at most {number(cost['points_per_second'], 1)} points/s to the meter"
    size = cost["bytes_per_second"]
    return points if size is None else f"{points}, {format_bytes(size)}/s uncompressed"
