"""Ctrl-C and SIGTERM in the middle of everything that takes time: no process left, no file half-written.

Each waits until the work has really begun; nothing is timed.
"""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from tests.support.cli import assert_told
from tests.support.conditions.collectors import fake_collector
from tests.support.conditions.under_way import UnderWay, adopted_orphans
from tests.support.machine.simulated import eventually
from tests.support.replay.process_requests import scrapes

from phoenix.telemetry.jsonlines import write_lines
from phoenix.telemetry.storage import save

STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}
BOTH = pytest.mark.parametrize("number", STATUS)
# Where both go the same way, which the others prove.
ONE = pytest.mark.parametrize("number", [signal.SIGINT])


@dataclass(frozen=True)
class Desk:
    """Where a command runs: folders for its outputs, cache and temporary files, whose content is looked at."""

    folder: Path
    living: Callable[[], list[str]]

    def begin(self, *line: str | Path, collector: Path | None = None) -> UnderWay:
        environment = {"PHOENIX_CACHE_DIR": str(self.folder / "cache"), "TMPDIR": str(self.folder / "tmp")}
        if collector is not None:
            environment["PHOENIX_COLLECTOR__BINARY"] = str(collector)
        return UnderWay(*line, folder=self.folder, environment=environment, cwd=self.folder / "out")

    def files(self) -> set[str]:
        """Return every file and folder in the three folders, less the compiled kernels and what links lead to."""
        found = set()
        for name in ("cache", "out", "tmp"):
            for path in (self.folder / name).rglob("*"):
                found.add(str(path.relative_to(self.folder)))
        return {path for path in found if not path.startswith("cache/kernels")}

    def assert_nothing_is_left_by(self, command: UnderWay, number: signal.Signals, *but: str) -> None:
        """End the command by the signal; nothing that it made or started may be there afterwards, `but` these files."""
        assert_told(command.end(number), STATUS[number], "INTERRUPTED")
        assert eventually(lambda: self.living() == []), self.living()
        assert self.files() <= set(but)


@pytest.fixture
def desk(tmp_path):
    for name in ("cache", "out", "tmp"):
        (tmp_path / name).mkdir()
    with adopted_orphans() as living:
        yield Desk(tmp_path, living)


@pytest.fixture
def full_desk(desk, fill_cache):
    fill_cache(desk.folder / "cache")
    return desk


def running(name: str) -> Callable[[psutil.Process], bool]:
    """Return a condition: the program of this name, and at work."""
    return lambda process: Path(process.exe()).name == name and process.cpu_times().user > 0.05


@BOTH
def test_while_a_collector_is_built_and_the_next_build_begins_anew(desk, number):
    for _ in range(2):
        build = desk.begin("collector", "build")
        build.until("Building the collector|Downloading Go modules", running("go"))
        desk.assert_nothing_is_left_by(build, number, "cache/bin", "cache/build.lock")


@BOTH
def test_while_recording(full_desk, number):
    record = full_desk.begin("capture", "record", "--for", "60s", "--interval", "1s", "--output", "new")
    record.until("Recording this host", running("otelcol-phoenix"))
    full_desk.assert_nothing_is_left_by(record, number, "cache/bin")


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    """A folder with a config (slow.yaml) that takes minutes to evaluate on a capture (c), and JSON lines (in.jsonl)."""
    folder = tmp_path_factory.mktemp("slow")
    capture = scrapes(range(0, 10_000, 5), processes=16)
    save(capture, folder / "c")
    conditions = "".join(f'      - IsMatch(metric.name, "^(.*a){{8}}{number}$")\n' for number in range(1000))
    (folder / "slow.yaml").write_text(
        "receivers: {otlp: {protocols: {grpc: }}}\n"
        f"processors:\n  filter:\n    error_mode: propagate\n    metric_conditions:\n{conditions}"
        "exporters: {nop: }\n"
        "service: {pipelines: {metrics: {receivers: [otlp], processors: [filter], exporters: [nop]}}}\n"
    )
    line = next(write_lines(scrapes([0], processes=500)))
    with (folder / "in.jsonl").open("wb") as lines:
        for _ in range(200):
            lines.write(line)
    return folder


@ONE
def test_while_evaluating(full_desk, slow, number):
    line = ("whatif", "--evaluator", "collector", "-f", slow / "slow.yaml", "-c", slow / "c")
    whatif = full_desk.begin(*line, "--output-otlp", "new.jsonl")
    whatif.until("Evaluating", running("phoenix-harness"))
    full_desk.assert_nothing_is_left_by(whatif, number, "cache/bin")


@ONE
def test_while_evaluating_with_a_named_collector(full_desk, slow, collector_binary, number):
    other = fake_collector(full_desk.folder, collector_binary, then=f'exec {collector_binary} "$@"')
    whatif = full_desk.begin("whatif", "-f", slow / "slow.yaml", "-c", slow / "c", collector=other)
    whatif.until("Evaluating", running("otelcol-phoenix"))
    full_desk.assert_nothing_is_left_by(whatif, number, "cache/bin")


@ONE
def test_while_measuring_processor_time(full_desk, good, number):
    whatif = full_desk.begin("whatif", "-f", good / "all.yaml", "-c", good / "c", "--cpu")
    whatif.until("Measuring the CPU", running("otelcol-phoenix"))
    full_desk.assert_nothing_is_left_by(whatif, number, "cache/bin")


@ONE
def test_while_a_load_simulation_starts(full_desk, number):
    start = full_desk.begin("loadsim", "start", "realistic")
    start.until("Starting")
    full_desk.assert_nothing_is_left_by(start, number, "cache/bin", "cache/loadsim", "cache/loadsim/lock")


@ONE
def test_while_importing(full_desk, slow, number):
    imported = full_desk.begin("capture", "import", slow / "in.jsonl", "--output", "new")
    imported.until("Importing")
    full_desk.assert_nothing_is_left_by(imported, number, "cache/bin")


@ONE
@pytest.mark.parametrize("answers", [True, False])
def test_while_a_collector_does_not_answer(full_desk, good, collector_binary, number, answers):
    hanging = fake_collector(full_desk.folder, collector_binary, then="sleep 1000 & wait")
    if not answers:
        hanging.write_text("#!/bin/sh\nsleep 1000 & wait\n")
    validate = full_desk.begin("pipeline", "validate", good / "good.yaml", collector=hanging)
    validate.until("", lambda process: process.name() == "sleep")
    full_desk.assert_nothing_is_left_by(validate, number, "cache/bin")
