"""A/A on the whole product: two arms that let everything through are equal window by window (issue: Show 2)."""

import contextlib
import sqlite3

from tests.support.plane import doctor
from tests.support.plane.configs import PASSES, with_processors
from tests.support.plane.host import FaultHost
from tests.support.plane.plane import Plane
from tests.support.plane.trial import Trial
from tests.support.plane.truth import check_windows

from phoenix.collector.compose.model import Arm
from phoenix.control.metering.stored.encoding import decode_measure
from phoenix.telemetry.window import WindowMeasure

WINDOWS = 5


def stored_windows(plane: Plane, experiment: str) -> dict[tuple[Arm, int], WindowMeasure]:
    """Return every window of an experiment as the server's database has it: the API does not tell series by series."""
    with contextlib.closing(sqlite3.connect(plane.folder / "phoenix.db")) as database:
        rows = database.execute(
            "SELECT arm, start, measure, gap FROM meter_windows WHERE experiment_id = ?", (experiment,)
        )
        return {(Arm(arm), start): decode_measure(measure, gap=gap) for arm, start, measure, gap in rows}


def assert_equal(baseline: WindowMeasure, candidate: WindowMeasure) -> None:
    """Assert that two windows hold the same series, each with as many points, the same sum of values and all totals."""
    assert len(baseline.series.hashes) > 0
    for column in ("hashes", "points", "values"):
        assert getattr(baseline.series, column).tolist() == getattr(candidate.series, column).tolist()
    # Points, bytes, metrics with their totals, processes, critical processes, first and last time, damage.
    for name in WindowMeasure.__dataclass_fields__:
        if name != "series":
            assert getattr(baseline, name) == getattr(candidate, name), name


def test_two_arms_that_let_everything_through_are_equal_window_by_window(plane: Plane, host: FaultHost, critical: str):
    candidate = with_processors(host.config, resource__passes=PASSES)
    trial = Trial.begin(plane, host, candidate, critical_processes=[critical], windows=WINDOWS)

    ended = trial.ended("completed")
    assert ended["verdict"] == "measured"
    assert {guardrail["state"] for guardrail in ended["guardrails"]} == {"ok"}

    # As production got them, too.
    pairs = check_windows(plane.windows(trial.experiment), host.production, seconds=2.0)
    assert len(pairs) >= WINDOWS
    for pair in pairs:
        assert pair["baseline"] == pair["candidate"]
        assert set(pair["saving_percent"].values()) == {0.0}
        assert pair["critical_processes"] == {"expected": 1, "kept": 1}
    stored = stored_windows(plane, trial.experiment)
    for start in [pair["start"] for pair in pairs]:
        assert_equal(*(stored[arm, start] for arm in Arm))

    compared = plane.comparison(trial.experiment)
    # Nothing, even where it is unknown whether a vendor bills it; only of a price that is secret nothing is known.
    costs = compared["arms"]["baseline"]["cost"]
    by_vendor = {vendor: None if cost is None else 0.0 for vendor, cost in costs.items()}
    assert compared["saving_percent"] == {"series": 0.0, "points": 0.0, "bytes": 0.0, **by_vendor}
    loss = compared["loss"]
    assert not loss["corrupted"]
    assert not loss["undeclared_missing"]
    assert all(total["error"] == 0 for total in loss["totals"].values())
    doctor.well(plane, host.name, "windows are compared")
