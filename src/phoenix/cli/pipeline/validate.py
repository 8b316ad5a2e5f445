"""`phoenix pipeline validate FILE`: everything wrong with a collector config, each with place and remedy."""

from dataclasses import dataclass
from typing import Annotated

import typer

from phoenix.cli.configs import source_of
from phoenix.cli.context import Cli
from phoenix.cli.errors import PipelineRefusedError
from phoenix.cli.evaluation.patterns import critical_patterns
from phoenix.cli.files import read_text
from phoenix.cli.options import CriticalOption, OutputFormatOption
from phoenix.cli.programs import the_collector
from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.collector.validate.finding import Report, Severity
from phoenix.collector.validate.service import validate
from phoenix.engine.checking import check_processors
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class ValidateOptions:
    """What `phoenix pipeline validate` was asked.

    Attributes:
        file: a path, or - for standard input.
        binary: ask the real collector too.
    """

    file: str
    binary: bool = True
    critical: tuple[str, ...] = ()
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="The collector config, or - for standard input.")],
    binary: Annotated[bool, typer.Option("--binary/--no-binary", help="Ask the real collector too.")] = True,
    critical: CriticalOption = None,
    output_format: OutputFormatOption = None,
) -> None:
    """Check a collector config: YAML, names, components, practice, loss, and the real collector."""
    run(ctx.obj, ValidateOptions(file, binary, tuple(critical or ()), output_format))


def run(cli: Cli, options: ValidateOptions) -> None:
    """Emit every finding.

    Raises:
        PipelineRefusedError: a finding is an error; it was emitted before.
        PhoenixError: the file cannot be read, or there is no collector to ask and none can be built.
    """
    text = read_text(cli.streams, options.file)
    critical = critical_patterns(cli, options.critical)
    sandbox = Sandbox(the_collector(cli).path) if options.binary else None
    report = validate(text, source_of(options.file), sandbox=sandbox, critical=critical, checks=(check_processors,))
    cli.emit(report.as_dict(), _blocks(report, asked=options.binary), options.output_format)
    if not report.ok:
        raise PipelineRefusedError(
            f"{report.source}: {_count(report, Severity.ERROR)}",
            codes=sorted({finding.code for finding in report.findings if finding.severity is Severity.ERROR}),
        )


def _blocks(report: Report, *, asked: bool) -> list[Block]:
    blocks: list[Block] = [_summary(report, asked=asked)]
    if report.findings:
        columns = (Column("line", right=True), Column("severity", keep=True), Column("finding"))
        rows = [
            (
                f"{it.place.line}:{it.place.column}",
                it.severity.value,
                f"{it.message}\n{it.user_action}\n({it.code})",
            )
            for it in report.findings
        ]
        blocks.append(Table(columns, rows))
    if report.host_needs:
        columns = (Column("line", right=True), Column("what", keep=True), Column("name"))
        rows = [(f"{it.place.line}:{it.place.column}", it.kind, it.name) for it in report.host_needs]
        blocks.append(Table(columns, rows, title="Only the host knows whether these are there"))
    return blocks


def _summary(report: Report, *, asked: bool) -> str:
    if report.collector_version:
        who = f"collector {report.collector_version} was asked too"
    else:
        who = "the real collector was not asked, because of the errors" if asked else "the real collector was not asked"
    counts = [_count(report, severity) for severity in Severity if report.count(severity)]
    return f"{report.source}: {', '.join(counts) or 'nothing is wrong'}; {who}."


def _count(report: Report, severity: Severity) -> str:
    number = report.count(severity)
    word = "remark" if severity is Severity.INFO else severity.value
    return f"{number} {word}{'' if number == 1 else 's'}"
