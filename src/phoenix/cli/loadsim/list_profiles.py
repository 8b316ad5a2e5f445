"""`phoenix loadsim list-profiles`: the profiles that ship with Phoenix."""

from dataclasses import dataclass

import typer

from phoenix.cli.context import Cli
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.terminal.blocks import Column, Table
from phoenix.core.units import format_bytes
from phoenix.loadsim.profile import Profile
from phoenix.loadsim.profiles import profiles
from phoenix.settings.output_format import OutputFormat


@dataclass(frozen=True, slots=True)
class ListProfilesOptions:
    """What `phoenix loadsim list-profiles` was asked."""

    output_format: OutputFormat | None = None


def command(ctx: typer.Context, output_format: OutputFormatOption = None) -> None:
    """List the load profiles that ship with Phoenix."""
    run(ctx.obj, ListProfilesOptions(output_format))


def run(cli: Cli, options: ListProfilesOptions) -> None:
    """Emit each profile with its size."""
    found = profiles().values()
    columns = (
        Column("profile", keep=True),
        Column("processes", right=True),
        Column("starts/s", right=True),
        Column("CPU", right=True),
        Column("memory", right=True),
        Column("what it is like"),
    )
    rows = [
        (
            it.name,
            f"{it.process_count:,}",
            f"{_churn(it):g}",
            f"{it.mean_cpu_percent:.0f} %",
            format_bytes(it.memory_bytes),
            it.description,
        )
        for it in found
    ]
    data = [
        {
            "name": it.name,
            "description": it.description,
            "processes": it.process_count,
            "churn_per_second": _churn(it),
            "cpu_percent_of_a_core": it.mean_cpu_percent,
            "memory_bytes": it.memory_bytes,
        }
        for it in found
    ]
    cli.emit(data, [Table(columns, rows)], options.output_format)


def _churn(profile: Profile) -> float:
    return profile.churn.starts_per_second if profile.churn else 0.0
