"""From an offer to a connected host until it runs and until its telemetry proves it, in seconds and scrapes.

The real server, supervisor and collector; offers are those of experiments that begin (to the paired config) and end
(back to the verified one). Times are the server's own history of the host; scrapes are what production got.
"""

import argparse
import itertools
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.parts.live import Live, live, load_words
from tests.support.plane.exported import times_of
from tests.support.plane.host import baseline

EXPERIMENT, RESTORE = "offer of an experiment", "restore of the verified config"


@dataclass(frozen=True, slots=True)
class Deploy:
    """One offer.

    Attributes:
        wanted, applied, proved: seconds from the offer to when it was asked for (negative), APPLIED, and the proof.
        live: seconds from the offer to the next scrape in production; nearly always the first of the new config, which
            scrapes as soon as it runs.
        scrapes: that production got between offer and proof.
        missed: scrapes that production missed in a row.
    """

    wanted: float
    applied: float
    live: float
    proved: float
    scrapes: int
    missed: int


def main(arguments: list[str]) -> None:
    """Print medians and ranges for each interval and kind of offer."""
    parser = argparse.ArgumentParser(prog="deploy", description=__doc__)
    parser.add_argument("--intervals", type=float, nargs="+", default=[10.0, 1.0], help="seconds between scrapes")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args(arguments)
    for interval in options.intervals:
        seen = _measure(interval, options.repeats)
        print(f"scrapes and reports every {interval:g} s, {options.repeats} repeats; {load_words()}")
        print(f"  {'median (least - most)':<38}{EXPERIMENT:>32}{RESTORE:>34}")
        for words, attribute in (
            ("asked for before, s", "wanted"),
            ("to the next scrape in production, s", "live"),
            ("to APPLIED, s", "applied"),
            ("to the proof, s", "proved"),
            ("to the proof, scrapes", "scrapes"),
            ("scrapes missed in a row", "missed"),
        ):
            columns = [_range([getattr(deploy, attribute) for deploy in seen[kind]]) for kind in (EXPERIMENT, RESTORE)]
            print(f"  {words:<38}{columns[0]:>32}{columns[1]:>34}")
        worst = max(deploy.proved for deploys in seen.values() for deploy in deploys)
        print(f"  the slowest proof took {worst:.1f} s; the bar at 10 s is 60 s\n")


def _range(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f} - {max(values):.1f})"


def _measure(interval: float, repeats: int) -> dict[str, list[Deploy]]:
    seen: dict[str, list[Deploy]] = {EXPERIMENT: [], RESTORE: []}
    with tempfile.TemporaryDirectory(prefix="phoenix-bench-") as folder:
        production = Path(folder) / "production.jsonl"
        config = baseline(production, interval=interval, processes=".*")
        window = f"{max(5.0, 2 * interval):g}s"
        with live(config, OWN_METRICS_INTERVAL=f"{interval:g}s", WINDOW=window) as plane:
            reference = plane.plane.store("production", config)
            candidate = plane.plane.store("candidate", config.replace("memory: {}", "memory: {}\n      load: {}"))
            for _ in range(repeats):
                begun = len(plane.history())
                experiment = plane.begin(reference, candidate)
                seen[EXPERIMENT].append(_deploy(plane, begun, production, interval))
                begun = len(plane.history())
                plane.end(experiment)
                seen[RESTORE].append(_deploy(plane, begun, production, interval))
    return seen


def _deploy(plane: Live, begun: int, production: Path, interval: float) -> Deploy:
    # A scrape that shows how long the pause was may come after the proof.
    time.sleep(interval)
    events = plane.history()[begun:]
    wanted, offered, applied, proved = (_at(events, kind) for kind in ("desired", "offered", "applied", "proved"))
    scrapes = sorted(times_of(production))
    around = [at for at in scrapes if offered - 2 * interval <= at <= proved + 2 * interval]
    gaps = [after - before for before, after in itertools.pairwise(around)]
    first = next(at for at in scrapes if at > offered)
    return Deploy(
        wanted=wanted - offered,
        applied=applied - offered,
        live=first - offered,
        proved=proved - offered,
        scrapes=sum(offered < at <= proved for at in scrapes),
        missed=max(0, round(max(gaps) / interval) - 1),
    )


def _at(events: Sequence[dict[str, Any]], kind: str) -> float:
    return max(datetime.fromisoformat(event["at"]).timestamp() for event in events if event["kind"] == kind)
