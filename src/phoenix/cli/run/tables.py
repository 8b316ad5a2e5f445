"""The main job's result for people. It reads the JSON form, so that a stored result is drawn like a new one."""

from collections.abc import Mapping, Sequence
from typing import Any

from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.core.units import format_bytes

_PREFIX, _SUFFIX = "process-", "-v1"
_SEPARATOR = " "


def offline_blocks(result: Mapping[str, Any]) -> list[Block]:
    """Return heading, tables and recommendation of what the recording showed."""
    return [_heading(result), *pipeline_tables(result), _recommendation(result)]


def pipeline_tables(result: Mapping[str, Any]) -> list[Block]:
    """Return what each pipeline saves, costs and loses; the first corrupted one is explained."""
    pipelines: Sequence[Mapping[str, Any]] = result["pipelines"]
    return [_savings(pipelines), _costs(pipelines), _losses(pipelines), *_corruption(pipelines)]


def _heading(result: Mapping[str, Any]) -> str:
    capture = result["capture"]
    load = f", with the load simulation {capture['load_profile']}" if capture["load_profile"] else ""
    return (
        f"Host {result['host']}{load}, recorded {result['recorded_at']}: {capture['processes']:,} processes, "
        f"{capture['scrapes']} scrapes, {capture['series']:,} series, {capture['points']:,} points, "
        f"{format_bytes(capture['bytes'])}. Collector {result['collector_version']}."
    )


def _savings(pipelines: Sequence[Mapping[str, Any]]) -> Table:
    columns = [
        Column("pipeline", keep=True),
        *(Column(title, right=True, breaks=True) for title in ("series", "points", "bytes")),
    ]
    rows = [
        [
            short_name(pipeline["name"]),
            _with_saving(f"{pipeline['series']:,}", pipeline["saving_percent"]["series"]),
            _with_saving(f"{pipeline['points']:,}", pipeline["saving_percent"]["points"]),
            _with_saving(format_bytes(pipeline["bytes"]), pipeline["saving_percent"]["bytes"]),
        ]
        for pipeline in pipelines
    ]
    return Table(columns, rows, title="What each pipeline leaves")


def _costs(pipelines: Sequence[Mapping[str, Any]]) -> Table:
    vendors = list(pipelines[0]["cost"]) if pipelines else []
    columns = [
        Column("vendor"),
        # A title may be broken at a space where the terminal is narrow.
        *(Column(short_name(pipeline["name"]).replace("-", " "), right=True, breaks=True) for pipeline in pipelines),
    ]
    told = [vendor for vendor in vendors if any(pipeline["cost"][vendor] for pipeline in pipelines)]
    rows = [[_vendor(vendor, pipelines), *(_cost(pipeline, vendor) for pipeline in pipelines)] for vendor in told]
    if len(told) < len(vendors):
        rows.append([f"{len(vendors) - len(told)} more", *("unknown" for _ in pipelines)])
    title = "What it costs: marginal list price a month, not a bill (* if billed at all)"
    return Table(columns, rows, title=title)


def _losses(pipelines: Sequence[Mapping[str, Any]]) -> Table:
    columns = [
        Column("pipeline", keep=True),
        Column("critical kept", right=True, breaks=True),
        Column("series dropped", right=True, breaks=True),
        Column("series folded", right=True, breaks=True),
        Column("corrupted", right=True),
        Column("safe"),
        Column("CPU s per M points", right=True, breaks=True),
    ]
    rows = [
        [
            short_name(pipeline["name"]),
            f"{pipeline['critical_processes']['kept']} of {pipeline['critical_processes']['expected']}",
            _series(pipeline["dropped"]),
            _folded(pipeline["folded"]),
            str(len(pipeline["corrupted"])),
            "yes" if pipeline["safe"] else "NO",
            _or_dash(pipeline["cpu_seconds_per_million_points"], ".2f"),
        ]
        for pipeline in pipelines
    ]
    return Table(columns, rows, title="What each pipeline loses, and the processor time it costs the collector")


def _corruption(pipelines: Sequence[Mapping[str, Any]]) -> list[Block]:
    return [
        f"{short_name(pipeline['name'])} corrupts {pipeline['corrupted'][0]['metric']}: "
        f"{pipeline['corrupted'][0]['why']}"
        for pipeline in pipelines
        if pipeline["corrupted"]
    ]


def _recommendation(result: Mapping[str, Any]) -> str:
    chosen = next((it for it in result["pipelines"] if it["name"] == result["best"]), None)
    if chosen is None:
        return "None is safe here and saves anything: keep the baseline, or make your own and check it with whatif."
    critical, saving = chosen["critical_processes"], chosen["saving_percent"]
    said = (
        f"Best safe pipeline: {chosen['name']}. It saves {saving['series']:.1f} % of the series and "
        f"{saving['bytes']:.1f} % of the bytes, keeps {critical['kept']} of {critical['expected']} critical processes "
        f"({critical['whole']} with every series) and corrupts nothing. What you no longer see: {_gone(chosen)}."
    )
    return "\n".join([said, *_gentler(result["pipelines"], chosen)])


def _gentler(pipelines: Sequence[Mapping[str, Any]], chosen: Mapping[str, Any]) -> list[str]:
    """Name the safe pipeline that saves most series without dropping any, when the best one drops some."""
    keeping = [it for it in pipelines if it["safe"] and not it["dropped"]["series"] and it["saving_percent"]["series"]]
    if not keeping or not chosen["dropped"]["series"]:
        return []
    gentlest = max(keeping, key=lambda it: it["saving_percent"]["series"])
    said = (
        f"Dropping nothing: {gentlest['name']} saves {gentlest['saving_percent']['series']:.1f} % of the series. "
        f"What you no longer see one by one: {_gone(gentlest)}."
    )
    return [said]


def _gone(pipeline: Mapping[str, Any]) -> str:
    dropped, folded = pipeline["dropped"], pipeline["folded"]
    parts = []
    if dropped and dropped["series"]:
        parts.append(f"{dropped['series']:,} series dropped")
    if folded and folded["series_in"]:
        parts.append(f"{folded['series_in']:,} series as {folded['series_out']:,} sums, totals kept")
    return ", ".join(parts) or "nothing"


def next_steps(result: Mapping[str, Any], program: str) -> str:
    """Return what to do with the recording; `program` is how this user calls phoenix."""
    name = result["best"] or "process-priority-filter-v1"
    capture = result["capture"]["path"]
    steps = (
        ("where the saving comes from, and what is lost", f"whatif --template {name} --capture {capture}"),
        ("the collector config, to read and to change", f"pipeline render {name} --output candidate.yaml"),
        ("your own config: is it sound, and what does it do", "pipeline validate candidate.yaml"),
        ("", f"whatif --file candidate.yaml --capture {capture}"),
        ("a longer look: processes that come and go show only then", "run --record-for 10m"),
    )
    lines = [f"# {reason}\n{program} {step}" if reason else f"{program} {step}" for reason, step in steps]
    return "\n".join(["Next:", *lines])


def short_name(name: str) -> str:
    """Return a catalogue name without what all share.

    >>> short_name("process-topk-v1")
    'topk'
    """
    return name.removeprefix(_PREFIX).removesuffix(_SUFFIX)


def _with_saving(value: str, saving: float | None) -> str:
    return value if not saving else f"{value}{_SEPARATOR}{-saving:+.0f}%"


def _vendor(name: str, pipelines: Sequence[Mapping[str, Any]]) -> str:
    """Return the name, with a star where it is unknown whether the vendor bills these metrics."""
    costs = [cost for pipeline in pipelines if (cost := pipeline["cost"][name]) is not None]
    # A name may be broken at a space where the terminal is narrow.
    return name.replace("-", " ") + ("*" if any(cost["amount"] is None for cost in costs) else "")


def _cost(pipeline: Mapping[str, Any], vendor: str) -> str:
    """Return an amount; where it is unknown whether the vendor bills it, what it is if the vendor does."""
    cost = pipeline["cost"][vendor]
    amount = None if cost is None else cost["amount"] or cost.get("if_billed")
    if amount is None:
        return "unknown"
    sign = "$" if cost["currency"] == "USD" else f"{cost['currency']} "
    return _with_saving(f"{sign}{amount}", pipeline["saving_percent"][vendor])


def _series(loss: Mapping[str, Any] | None) -> str:
    return "-" if not loss or not loss["series"] else f"{loss['series']:,}"


def _folded(folded: Mapping[str, Any] | None) -> str:
    if not folded or not folded["series_in"]:
        return "-"
    return f"{folded['series_in']:,} into {folded['series_out']:,}"


def _or_dash(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)
