"""Recording this host for the main job, with simulated load beside it where there is little to see."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from phoenix.cli.context import Cli
from phoenix.cli.loadsim.folder import simulation_folder
from phoenix.cli.programs import the_collector
from phoenix.collector.record.readability import readability
from phoenix.collector.record.recorder import Recording, record
from phoenix.core.units import format_duration
from phoenix.loadsim.profiles import find
from phoenix.loadsim.simulation import start
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.storage import load, save

ENOUGH_PROCESSES = 150
LOAD_PROFILE = "realistic"
_CAPTURES_KEPT = 5


@dataclass(frozen=True, slots=True)
class Recorded:
    """A capture for the main job.

    Attributes:
        capture: the telemetry.
        path: where it is stored.
        load_profile: the simulation that ran beside it; None when none did.
        notes: what is known of the recording, such as how many processes could be read, in words.
    """

    capture: Capture
    path: Path
    load_profile: str | None = None
    notes: dict[str, str] = field(default_factory=dict)


def open_recorded(path: Path) -> Recorded:
    """Return a capture recorded before; raises as `load` does."""
    capture = load(path)
    return Recorded(capture, path, capture.origin.notes.get("load_profile"), dict(capture.origin.notes))


def record_here(cli: Cli, *, seconds: float, load_profile: str | None) -> Recorded:
    """Record this host for `seconds`, store the capture in the cache folder and return it.

    Args:
        cli: of the command.
        seconds: how long.
        load_profile: the simulation that runs beside it, which the capture remembers.

    Raises:
        PhoenixError: what `record` and `save` raise; nothing half-written stays.
    """
    capture = _record(cli, seconds).capture
    notes = {**capture.origin.notes, **({"load_profile": load_profile} if load_profile else {})}
    capture = capture.with_origin(replace(capture.origin, notes=notes))
    return Recorded(capture, _store(cli, capture), load_profile, notes)


def _record(cli: Cli, seconds: float) -> Recording:
    collector = the_collector(cli)
    with cli.progress(f"Recording this host for {format_duration(seconds)}", seconds) as step:
        return record(
            collector,
            seconds=seconds,
            interval_seconds=cli.settings.record.interval,
            mask=cli.settings.record.mask,
            progress=lambda progress: step.done(progress.elapsed_seconds),
        )


@contextmanager
def enough_load(cli: Cli) -> Iterator[str | None]:
    """Run a load simulation while the body runs, if this host shows too few processes to say anything.

    Raises:
        PhoenixError: what `start` raises.
    """
    readable = readability()
    cli.say(readable.explanation)
    if readable.readable >= ENOUGH_PROCESSES:
        yield None
        return
    cli.say(
        f"Fewer than {ENOUGH_PROCESSES} processes: starting the load simulation {LOAD_PROFILE!r} for this run, "
        "so the result is of this host with simulated processes beside its own."
    )
    with start(find(LOAD_PROFILE), folder=simulation_folder(cli)):
        yield LOAD_PROFILE


def _store(cli: Cli, capture: Capture) -> Path:
    """Keep the newest few captures of this command in the cache folder."""
    folder = cli.settings.cache_dir / "captures"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / capture.origin.recorded_at.replace(":", "").replace("+0000", "Z")
    save(capture, path)
    for old in sorted(folder.iterdir())[:-_CAPTURES_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return path
