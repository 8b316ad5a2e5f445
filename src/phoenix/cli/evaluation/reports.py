"""A pipeline's result for people: what it saves, what it loses, and whether it is safe."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from phoenix.cli.evaluation.money import money_blocks
from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.core.units import format_bytes
from phoenix.decide.loss.model import Corruption, CorruptionKind, Dropped, Loss
from phoenix.decide.movers import Mover, Movers
from phoenix.decide.report import Holding, PipelineReport


def report_blocks(
    before: Holding | PipelineReport,
    after: PipelineReport,
    money: Mapping[str, Any] | None = None,
    moved: Movers | None = None,
) -> list[Block]:
    """Return everything known of one pipeline.

    Args:
        before: what it is compared with.
        after: the pipeline.
        money: the JSON form of what it saves under each vendor, if that is shown.
        moved: where the saving comes from.
    """
    blocks: list[Block] = [
        saving_table(before, after),
        verdict(after),
        *_critical(after),
        *_processes(after),
        *_loss(after.loss),
    ]
    if money is not None:
        blocks += money_blocks(money)
    if moved is not None:
        blocks += _movers("metric", moved.metrics)
        blocks += _movers("process", moved.processes)
    return blocks


def saving_table(before: Holding | PipelineReport, after: PipelineReport) -> Table:
    """Return series, points, bytes and the collector's processor time, before and after."""
    rows = [
        ("series", f"{before.series:,}", f"{after.series:,}", percent(after.saving_percent.get("series"))),
        ("points", f"{before.points:,}", f"{after.points:,}", percent(after.saving_percent.get("points"))),
        ("bytes", format_bytes(before.bytes), format_bytes(after.bytes), percent(after.saving_percent.get("bytes"))),
    ]
    if after.cpu_seconds_per_million_points is not None:
        cpu = f"{after.cpu_seconds_per_million_points:.2f} s"
        rows.append(("collector CPU per million points", "", cpu, ""))
    columns = (
        Column(after.name),
        Column("before", right=True),
        Column("after", right=True),
        Column("saved", right=True),
    )
    return Table(columns, rows)


def verdict(report: PipelineReport) -> str:
    """Return whether the pipeline is safe, and if not, why, in a sentence."""
    if report.safe:
        return "Safe: nothing is corrupted and every critical process is kept."
    reasons = []
    if report.loss.corrupted:
        metrics = {corruption.metric for corruption in report.loss.corrupted}
        reasons.append(f"{len(metrics)} metrics are corrupted" if len(metrics) > 1 else "a metric is corrupted")
    if report.loss.undeclared_missing:
        reasons.append("something is missing that was declared to stay")
    lost = report.critical.expected - report.critical.kept
    if lost:
        reasons.append(f"{lost} of {report.critical.expected} critical processes are lost")
    return f"NOT SAFE: {'; '.join(reasons)}."


def percent(value: float | None) -> str:
    """Return a saving as people read it; nothing known is a dash."""
    return "-" if value is None else f"{value:.1f} %"


def _critical(report: PipelineReport) -> list[Block]:
    critical = report.critical
    if not critical.expected:
        return ["Critical processes: none of the patterns names a process of the capture."]
    said = f"Critical processes: {critical.kept} of {critical.expected} kept, {critical.whole} with every series."
    if critical.missing:
        said += f" Lost: {', '.join(critical.missing[:5])}"
        said += f" and {len(critical.missing) - 5} more." if len(critical.missing) > 5 else "."
    return [said]


def _processes(report: PipelineReport) -> list[Block]:
    """Return how many processes are left: a pipeline that judges each scrape anew may name other ones in each."""
    kept = report.processes_per_scrape
    if kept is None or not kept.maximum:
        return []
    return [
        f"Processes named in a scrape of what is left: {kept.minimum} to {kept.maximum}, {kept.median:g} in the middle."
    ]


def _loss(loss: Loss) -> list[Block]:
    lines = []
    if loss.dropped is not None:
        lines.append(f"Dropped: {_dropped(loss.dropped)}.")
    if loss.folded is not None and loss.folded.series_in:
        folded = loss.folded
        lines.append(
            f"Folded: {folded.series_in:,} series into {folded.series_out:,}, totals off by at most "
            f"{100 * folded.totals_error:.2g} %."
        )
    if loss.dropped_or_folded is not None:
        lines.append(f"Dropped or folded (the config does not declare which): {_dropped(loss.dropped_or_folded)}.")
    if loss.thinned.series:
        lines.append(f"Thinned: {loss.thinned.series:,} series lost {loss.thinned.points:,} points.")
    if loss.reidentified:
        lines.append(f"Under another identity: {loss.reidentified:,} series.")
    blocks: list[Block] = ["\n".join(lines)] if lines else []
    if loss.corrupted:
        columns = (Column("how", keep=True), Column("metrics and how often"), Column("what that means"))
        rows = [
            _corruption(kind, list(found))
            for kind, found in groupby(loss.corrupted, key=lambda corruption: corruption.kind)
        ]
        blocks.append(Table(columns, rows, title="Corrupted: damage that the config does not declare"))
    if loss.undeclared_missing:
        columns = (Column("metric", keep=True), Column("series", right=True), Column("why"))
        rows = [(it.metric, f"{it.series:,}", f"{it.why}\n{it.example}") for it in loss.undeclared_missing]
        blocks.append(Table(columns, rows, title="Missing, though declared to stay"))
    return blocks


def _corruption(kind: CorruptionKind, found: Sequence[Corruption]) -> tuple[str, str, str]:
    """Return one row for all metrics that are damaged alike; the worst comes first and is the example."""
    metrics = "\n".join(f"{it.metric}: {it.count:,}" for it in found)
    return kind.value.replace("_", " "), metrics, f"{found[0].why}\nFor example: {found[0].example}."


def _dropped(dropped: Dropped) -> str:
    return f"{dropped.series:,} series with {dropped.points:,} points"


def _movers(what: str, movers: Sequence[Mover]) -> Iterable[Block]:
    saving = [mover for mover in movers if mover.series_saved or mover.points_saved]
    if not saving:
        return []
    columns = (
        Column(what),
        Column("series before", right=True),
        Column("after", right=True),
        Column("points before", right=True),
        Column("after", right=True),
    )
    rows = [
        (
            mover.name,
            f"{mover.series_before:,}",
            f"{mover.series_after:,}",
            f"{mover.points_before:,}",
            f"{mover.points_after:,}",
        )
        for mover in saving
    ]
    return [Table(columns, rows, title=f"Where the saving comes from, by {what}")]
