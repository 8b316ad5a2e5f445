"""Money for people: a table of vendors, why they differ, and what it all rests on. Reads the JSON form."""

from collections.abc import Mapping
from typing import Any

from phoenix.cli.terminal.blocks import Block, Column, Table

Money = Mapping[str, Any]


def money_blocks(document: Money) -> list[Block]:
    """Return what a change saves under each vendor; those of which no amount is known are named below the table."""
    vendors: Mapping[str, Money] = document["vendors"]
    rows = [
        (name, amount_text(it["before"]), amount_text(it["after"]), _saved(it["saving"]), _between(it["saving"]))
        for name, it in vendors.items()
        if it["before"] is not None or it["after"] is not None
    ]
    hosts = document["hosts"]
    columns = (
        Column("vendor", keep=True),
        *(Column(title, right=True, breaks=True) for title in ("before", "after", "saved", "saved, at least to most")),
    )
    title = f"Money a month for {_hosts(hosts)}: {_bases(vendors)}"
    blocks: list[Block] = [Table(columns, rows, title=title)] if rows else []
    blocks += [document["why_they_differ"]] if document["why_they_differ"] else []
    blocks += [f"Warning: {words}." for words in document["warnings"]]
    if unknown := _unknown(vendors):
        blocks.append(unknown)
    if rules := list(dict.fromkeys(rule for it in vendors.values() for rule in it["rules"])):
        blocks.append("\n".join(["How a month was told:", *(f"- {rule}." for rule in rules)]))
    return [*blocks, _sources(vendors)]


def amount_text(cost: Money | None) -> str:
    """Return an amount; where it is unknown whether it is billed, what it then is; a dash where nothing is known.

    >>> amount_text({"amount": None, "if_billed": "6.50", "currency": "USD"})
    '6.50 USD if billed'
    """
    if cost is None:
        return "-"
    if cost["amount"] is not None:
        return f"{float(cost['amount']):,.2f} {cost['currency']}"
    billed = cost.get("if_billed")
    return "-" if billed is None else f"{float(billed):,.2f} {cost['currency']} if billed"


def _saved(saving: Money) -> str:
    percent = "" if saving["percent"] is None else f"{saving['percent']:.1f} %"
    if saving["amount"] is None:
        return f"{percent} if billed" if percent else "-"
    return f"{float(saving['amount']):,.2f}{f' ({percent})' if percent else ''}"


def _between(saving: Money) -> str:
    low, high = saving["low"], saving["high"]
    return f"{'?' if low is None else low} to {'?' if high is None else high}"


def _hosts(hosts: Mapping[str, int]) -> str:
    if hosts["told_for"] == hosts["measured"]:
        return f"the {hosts['measured']} hosts measured" if hosts["measured"] > 1 else "the host measured"
    return f"{hosts['told_for']:,} hosts like the {hosts['measured']} measured"


def _bases(vendors: Mapping[str, Money]) -> str:
    return "; or ".join(dict.fromkeys(it["basis"] for it in vendors.values()))


def _unknown(vendors: Mapping[str, Money]) -> str:
    reasons: dict[str, list[str]] = {}
    for name, it in vendors.items():
        for reason in it["unknown"]:
            reasons.setdefault(reason, []).append(name)
    if not reasons:
        return ""
    return "\n".join(["Unknown:", *(f"- {', '.join(names)}: {reason}." for reason, names in reasons.items())])


def _sources(vendors: Mapping[str, Money]) -> str:
    seen: dict[str, list[str]] = {}
    for name, it in vendors.items():
        seen.setdefault(it["as_of"] or "undated", []).append(name)
    dates = "; ".join(f"{date}: {', '.join(names)}" for date, names in sorted(seen.items()))
    return f"Prices as seen ({dates}). -o json has each source; --prices FILE gives yours."
