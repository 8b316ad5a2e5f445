"""`phoenix loadsim start`: processes to measure against."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.context import Cli
from phoenix.cli.errors import UsageError
from phoenix.cli.files import check_input
from phoenix.cli.loadsim.folder import simulation_folder
from phoenix.cli.options import OutputFormatOption, option_seconds
from phoenix.core.units import format_duration
from phoenix.loadsim.profile import Profile
from phoenix.loadsim.profiles import find
from phoenix.loadsim.simulation import start
from phoenix.settings.output_format import OutputFormat

DEFAULT_PROFILE = "realistic"


@dataclass(frozen=True, slots=True)
class StartOptions:
    """What `phoenix loadsim start` was asked.

    Attributes:
        profile: name of a built-in one; exclusive with `profile_file`.
        process_count: None keeps the profile's.
        churn_rate: starts a second; None keeps the profile's.
        duration_seconds: None means until stopped.
    """

    profile: str | None = None
    profile_file: Path | None = None
    process_count: int | None = None
    churn_rate: float | None = None
    duration_seconds: float | None = None
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    *,
    profile: Annotated[
        str | None, typer.Argument(help=f"Name of a profile. Default: {DEFAULT_PROFILE}.", show_default=False)
    ] = None,
    profile_file: Annotated[Path | None, typer.Option(help="A profile of your own, in YAML.", readable=False)] = None,
    process_count: Annotated[int | None, typer.Option(help="Lasting processes, instead of the profile's.")] = None,
    churn_rate: Annotated[float | None, typer.Option(help="Starts a second, instead of the profile's.")] = None,
    duration: Annotated[
        str | None, typer.Option(help="End after this long, such as 10m. Default: run until stopped.")
    ] = None,
    output_format: OutputFormatOption = None,
) -> None:
    """Start a load simulation, which runs until it is stopped or its time is over."""
    seconds = option_seconds("--duration", duration)
    run(ctx.obj, StartOptions(profile, profile_file, process_count, churn_rate, seconds, output_format))


def run(cli: Cli, options: StartOptions) -> None:
    """Start it and emit what runs, once every lasting process does.

    Raises:
        UsageError: a profile by name and one by file.
        PhoenixError: no such profile, a number out of range, one runs already, the system refuses.
    """
    profile = _profile(options)
    with cli.progress(f"Starting {profile.process_count:,} processes of profile {profile.name}"):
        simulation = start(
            profile, folder=simulation_folder(cli), duration_seconds=options.duration_seconds, detached=True
        )
    churn = profile.churn.starts_per_second if profile.churn else 0.0
    data = {
        "profile": profile.name,
        "pid": simulation.pid,
        "processes": profile.process_count,
        "churn_per_second": churn,
        "duration_seconds": options.duration_seconds,
    }
    until = f"for {format_duration(options.duration_seconds)}" if options.duration_seconds else "until stopped"
    sentence = (
        f"{profile.name} runs {until}: {profile.process_count:,} processes, {churn:g} starts a second.\n"
        "Stop it with: phoenix loadsim stop"
    )
    cli.emit(data, [sentence], options.output_format)


def _profile(options: StartOptions) -> Profile:
    if options.profile and options.profile_file:
        raise UsageError("a profile by name and --profile-file exclude each other", user_action="Give one of the two.")
    if options.profile_file:
        check_input(options.profile_file)
    profile = find(str(options.profile_file or options.profile or DEFAULT_PROFILE))
    if options.process_count is not None:
        profile = profile.with_process_count(options.process_count)
    if options.churn_rate is not None:
        profile = profile.with_churn_rate(options.churn_rate)
    return profile
