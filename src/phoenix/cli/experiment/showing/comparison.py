"""The comparison of two arms, as people see it."""

from collections.abc import Mapping
from typing import Any, Final

from phoenix.cli.evaluation.money import amount_text
from phoenix.cli.experiment.showing.views import SHARES
from phoenix.cli.remote.words import number, percent
from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.core.units import format_bytes

_ARMS: Final = ("baseline", "candidate")


def comparison_blocks(comparison: Mapping[str, Any]) -> list[Block]:
    """Return a headline, both arms side by side, what is lost, and what the guardrails say."""
    experiment = comparison["experiment"]
    hosts = ", ".join(experiment["hosts"])
    blocks: list[Block] = [
        f"{experiment['id']}, {experiment['phase']}: {experiment['windows']} paired windows of {hosts}.",
        _arms(comparison),
        _loss(comparison["loss"]),
    ]
    if why := comparison.get("details", {}).get("money", {}).get("why_they_differ"):
        blocks.insert(2, why)
    if use := _collector(comparison["collector"]):
        blocks.append(use)
    tripped = [it for it in comparison["guardrails"] if it["state"] == "tripped"]
    said = "; ".join(f"{it['name']}: {it['reason']}" for it in tripped) or "every guardrail is quiet"
    blocks.append(f"Verdict: {comparison['verdict']}. Guardrails: {said}.")
    return blocks


def _arms(comparison: Mapping[str, Any]) -> Block:
    arms, saving = comparison["arms"], comparison["saving_percent"]
    rows = [(what, *(number(arms[arm][what]) for arm in _ARMS), percent(saving.get(what))) for what in SHARES]
    rows += [
        (f"cost, {vendor}", *(amount_text(arms[arm]["cost"].get(vendor)) for arm in _ARMS), percent(saving.get(vendor)))
        for vendor in arms["baseline"]["cost"]
        if any(arms[arm]["cost"].get(vendor) for arm in _ARMS)
    ]
    rows.append(("critical processes", *(number(sum(arms[arm]["critical_processes"].values())) for arm in _ARMS), ""))
    rows.append(("processor seconds", *(number(arms[arm]["processor_seconds"], 2) for arm in _ARMS), ""))
    columns = (Column("", keep=True), *(Column(arm, right=True) for arm in _ARMS), Column("saved", right=True))
    return Table(columns, rows)


def _loss(loss: Mapping[str, Any]) -> Block:
    rows = [
        (name.replace("_", " "), f"{number(part.get('series', part.get('series_in')))} series")
        for name in ("dropped", "folded", "dropped_or_folded")
        if (part := loss.get(name)) is not None
    ]
    rows += [(f"corrupted: {it['kind']}", f"{it['metric']}: {it['why']} ({it['count']})") for it in loss["corrupted"]]
    if not loss["corrupted"]:
        rows.append(("corrupted", "nothing"))
    return Table((Column("lost", keep=True), Column("")), rows)


def _collector(collector: Mapping[str, Any]) -> Block | None:
    uses = [collector.get(when) for when in ("before", "during")]
    if not any(uses):
        return None
    cpu = [percent(use["cpu_percent"] if use else None) for use in uses]
    memory = [format_bytes(use["memory_bytes"]) if use else "-" for use in uses]
    columns = (Column("collector", keep=True), Column("before", right=True), Column("during", right=True))
    return Table(columns, [("CPU of a core", *cpu), ("memory", *memory)])
