"""The comparison of two collector versions, for people and for programs."""

from phoenix.cli.evaluation.versions import Side, VersionComparison
from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.collector.errors import ConfigRefusedError
from phoenix.core.units import format_bytes
from phoenix.telemetry.diff import CaptureDiff


def comparison_data(found: VersionComparison) -> dict[str, object]:
    """Return the comparison for JSON and YAML."""
    differences = found.diff
    return {
        "same": found.same,
        "versions": [_side_data(side) for side in (found.first, found.second)],
        "counts": differences.counts if differences else None,
        "differences": differences.differences if differences else None,
        "notes": found.notes,
    }


def comparison_blocks(found: VersionComparison) -> list[Block]:
    """Return the comparison as a verdict, a table of both versions, refusals, differences and notes."""
    first, second = _labels(found)
    blocks: list[Block] = [_verdict(found), _sizes(found)]
    for label, side in ((first, found.first), (second, found.second)):
        blocks += _refusals(label, side)
    if found.diff is not None and not found.diff.equal:
        blocks += _differences(first, second, found.diff)
    return [*blocks, *found.notes]


def _labels(found: VersionComparison) -> tuple[str, str]:
    """Return what to call the two: their versions, or where they are when the versions are the same."""
    first, second = found.first, found.second
    if first.version == second.version:
        return f"{first.version} ({first.path})", f"{second.version} ({second.path})"
    return first.version, second.version


def _verdict(found: VersionComparison) -> str:
    first, second = _labels(found)
    said = "; ".join(
        words
        for label, side, other in ((first, found.first, found.second), (second, found.second, found.first))
        if (words := _said(label, side, other))
    )
    if found.same:
        return f"The same from both: collector {first} and {second} make equal points of this capture."
    if found.nothing_to_compare:
        return f"Nothing to compare: {said}."
    if found.diff is not None and not found.diff.equal:
        counts = ", ".join(f"{kind.replace('_', ' ')} {count:,}" for kind, count in found.diff.counts.items())
        said = "; ".join(filter(None, (said, f"points differ ({counts})")))
    return f"They differ: {said}."


def _said(label: str, side: Side, other: Side) -> str:
    """Return in what a version stands alone, or that it gave no output; nothing when neither is so."""
    refuses = isinstance(side.failure, ConfigRefusedError) or (side.refused and not other.refused)
    if refuses:
        return f"collector {label} refuses the config"
    return f"collector {label} fails on this capture" if side.failure else ""


def _sizes(found: VersionComparison) -> Table:
    sides = (found.first, found.second)
    outputs = [side.output for side in sides]
    rows = [
        ("accepts the config", *("no" if side.refused else "yes" for side in sides)),
        ("series", *(f"{it.series:,}" if it else "-" for it in outputs)),
        ("points", *(f"{it.points:,}" if it else "-" for it in outputs)),
        ("bytes", *(format_bytes(it.bytes) if it else "-" for it in outputs)),
    ]
    return Table((Column("collector"), *(Column(label, right=True) for label in _labels(found))), rows)


def _refusals(label: str, side: Side) -> list[Block]:
    rows = [(str(it.place), f"{it.message}\n{it.user_action}") for it in side.refused]
    failure = side.failure
    # What the binary says of the whole config it says of the processors again.
    if failure is not None and not (side.refused and isinstance(failure, ConfigRefusedError)):
        rows.append(("on this capture", f"{failure.message}\n{failure.user_action}"))
    columns = (Column("where"), Column("what it says, and what to do"))
    return [Table(columns, rows, title=f"Collector {label}")] if rows else []


def _differences(first: str, second: str, differences: CaptureDiff) -> list[Block]:
    rows = [(it.series, it.words) for it in differences.differences]
    return [Table((Column("series"), Column("how")), rows, title=f"From {first}, the first, to {second}, the second")]


def _side_data(side: Side) -> dict[str, object]:
    output, failure = side.output, side.failure
    return {
        "version": side.version,
        "path": side.path,
        "accepts": not side.refused,
        "findings": [finding.as_dict() for finding in side.refused],
        "series": output.series if output else None,
        "points": output.points if output else None,
        "bytes": output.bytes if output else None,
        "failure": failure
        and {
            "code": failure.code,
            "message": failure.message,
            "user_action": failure.user_action,
            "details": failure.details,
        },
    }
