"""Experiments as people see them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from phoenix.cli.remote.words import ago, at, number, percent
from phoenix.cli.terminal.blocks import Block, Column, Table

NANOSECONDS: Final = 1_000_000_000
SHARES: Final = ("series", "points", "bytes")
WINDOW_COLUMNS: Final = (
    Column("window", keep=True),
    Column("host", keep=True),
    Column("series", right=True),
    Column("points", right=True),
    Column("bytes", right=True),
    Column("saved", right=True),
    Column("critical", right=True),
)


def list_table(experiments: Sequence[Mapping[str, Any]]) -> Block:
    """Return a row an experiment."""
    columns = (
        Column("experiment", keep=True),
        Column("phase", keep=True),
        Column("baseline"),
        Column("candidate"),
        Column("windows", right=True),
        Column("made", right=True),
    )
    rows = [
        (
            it["id"],
            phase_text(it),
            it["baseline_pipeline"],
            it["candidate_pipeline"],
            windows_text(it),
            ago(it["created_at"]),
        )
        for it in experiments
    ]
    return Table(columns, rows)


def phase_text(state: Mapping[str, Any]) -> str:
    """Return the phase with its verdict and resolution, once there are some."""
    ends = [text for text in (state["verdict"], state["resolution"]) if text]
    return f"{state['phase']} ({', '.join(ends)})" if ends else str(state["phase"])


def windows_text(state: Mapping[str, Any]) -> str:
    """Return how many windows are paired, of how many: `3/10`."""
    return f"{state['windows']['fewest']}/{state['windows']['wanted']}"


def state_blocks(state: Mapping[str, Any]) -> list[Block]:
    """Return how far an experiment has come: a row a fact, then what the guardrails say."""
    rows = [("phase", phase_text(state)), ("windows", f"{windows_text(state)} paired, by the host with the fewest")]
    if state["waiting"]:
        rows.append(("waits for", state["waiting"]))
    if state["reason"]:
        rows.append(("reason", state["reason"]))
    if cause := state["cause"]:
        rows += [("cause", f"{cause['code']}: {cause['message']}"), ("what to do", cause["user_action"])]
    rows.append(("hosts", ", ".join(_host_text(host) for host in state["hosts"]) or "-"))
    rows += [("left out", f"{name}: {why}") for name, why in state["left_out"].items()]
    rows += [("not paired", text) for text in state["unpaired"]]
    rows += [("note", text) for text in state["notes"]]
    rows.append(("started", at(state["started_at"])))
    if state["ended_at"]:
        rows.append(("ended", at(state["ended_at"])))
    blocks: list[Block] = [Table((Column(state["id"], keep=True), Column(state["name"])), rows)]
    told = [(it["name"], it["state"], it["reason"]) for it in state["guardrails"]]
    if told:
        blocks.append(Table((Column("guardrail", keep=True), Column("state", keep=True), Column("reason")), told))
    return blocks


def history_table(history: Sequence[Mapping[str, Any]]) -> Block:
    """Return a row a change of phase."""
    columns = (Column("when (UTC)", keep=True), Column("phase", keep=True), Column("why"))
    return Table(columns, [(at(it["at"]), it["target"], it["reason"]) for it in history], title="History")


def window_row(window: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return a window as a row of WINDOW_COLUMNS: baseline, then candidate; or why it is no data."""
    begin = datetime.fromtimestamp(window["start"] / NANOSECONDS, UTC).strftime("%H:%M:%S")
    host = names.get(window["host"], window["host"])
    if window["no_data"]:
        return (begin, host, "", "", "", f"no data: {window['no_data']['kind']}", "")
    baseline, candidate = window["baseline"], window["candidate"]
    counts = tuple(f"{number(baseline[what])} -> {number(candidate[what])}" for what in SHARES)
    critical = window["critical_processes"]
    return (begin, host, *counts, percent(window["saving_percent"]["series"]), critical_text(critical))


def critical_text(critical: Mapping[str, Any] | None) -> str:
    """Return how many critical processes were kept, of how many."""
    return f"{critical['kept']}/{critical['expected']}" if critical else "-"


def names_of(state: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of an experiment's hosts by id."""
    return {host["id"]: host["name"] for host in state["hosts"]}


def _host_text(host: Mapping[str, Any]) -> str:
    return f"{host['name']} ({host['note']})" if host["note"] else str(host["name"])
