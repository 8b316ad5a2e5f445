"""`phoenix doctor [HOST]`: one screen that says what is not well, why, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer

from phoenix.cli.context import Cli
from phoenix.cli.doctor.diagnosis import diagnosis_blocks, is_well
from phoenix.cli.doctor.finding import Finding
from phoenix.cli.doctor.hosts import enrolled_here, fleet_findings, forgotten_findings, local_findings
from phoenix.cli.doctor.server import reachable, server_findings
from phoenix.cli.exit_status import ExitStatus
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.terminal.blocks import Block, Column, Table
from phoenix.client.errors import ApiError
from phoenix.client.hosts import Hosts
from phoenix.settings.output_format import OutputFormat

_UNKNOWN: Final = "HOST_NOT_FOUND"


@dataclass(frozen=True, slots=True)
class DoctorOptions:
    """What `phoenix doctor` was asked; no host means the server and the fleet."""

    host: str | None = None
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Argument(help="Name or id of a host. Default: the server and the fleet.")] = None,
    output_format: OutputFormatOption = None,
) -> None:
    """Say what is not well with the server and the fleet, or with one host, and what to do.

    The exit status is 1 when something is not well. It works without the server too, and says what this machine knows.
    """
    run(ctx.obj, DoctorOptions(host, output_format))


def run(cli: Cli, options: DoctorOptions) -> None:
    """Emit what was found.

    Raises:
        Exit: something is not well, with status 1.
        PhoenixError: neither the server nor this machine knows such a host, or the settings are wrong.
    """
    findings = list(server_findings(cli))
    diagnosis: Mapping[str, Any] | None = None
    if reachable(findings):
        if options.host is None:
            findings += fleet_findings(cli)
        else:
            try:
                diagnosis = Hosts(cli.server).diagnose(options.host)
            except ApiError as error:
                if error.code != _UNKNOWN or not enrolled_here(options.host):
                    raise
                findings += forgotten_findings(options.host, error)
    elif options.host is not None:
        findings += local_findings(options.host)
    well = all(finding.well for finding in findings) and (diagnosis is None or is_well(diagnosis))
    data = {"well": well, "findings": findings, "diagnosis": diagnosis}
    blocks = [*diagnosis_blocks(diagnosis), *_blocks(findings)] if diagnosis else _blocks(findings)
    cli.emit(data, blocks, options.output_format)
    if not well:
        raise typer.Exit(ExitStatus.DIFFERENT)


def _blocks(findings: Sequence[Finding]) -> list[Block]:
    columns = (Column("", keep=True), Column("what", keep=True), Column("seen"))
    rows = [("ok" if it.well else "!!", it.subject, _said(it)) for it in findings]
    return [Table(columns, rows)]


def _said(finding: Finding) -> str:
    lines = [finding.message, finding.user_action and f"-> {finding.user_action}", finding.code and f"({finding.code})"]
    return "\n".join(line for line in lines if line)
