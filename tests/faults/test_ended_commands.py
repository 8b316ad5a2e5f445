"""`phoenix run` and `phoenix up`, ended in the middle and also by force: no process stays, nothing is left."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from tests.support.conditions.under_way import UnderWay, adopted_orphans
from tests.support.machine.simulated import eventually

from phoenix.collector.binary.build import Built
from phoenix.settings.load import load_settings

# The shortest way to the live part.
_RUN = ("run", "--once", "--record-for", "2s", "--cpu-time", "1ms", "--windows", "50", "--window", "3s")
_STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}


@dataclass(frozen=True)
class Machine:
    """Folders of one user, watched."""

    folder: Path

    def begin(self, *line: str) -> UnderWay:
        environment = {
            "PHOENIX_CACHE_DIR": str(self.folder / "cache"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "TMPDIR": str(self.folder / "tmp"),
            "PHOENIX_RECORD__INTERVAL": "1s",
        }
        return UnderWay(*line, folder=self.folder, environment=environment)


@pytest.fixture
def machine(tmp_path: Path, built_programs: Built) -> Machine:
    for name in ("cache", "state", "tmp"):
        (tmp_path / name).mkdir()
    for made in ("bin", "kernels"):
        (tmp_path / "cache" / made).symlink_to(load_settings().cache_dir / made)
    return Machine(tmp_path)


def _programs(command: UnderWay) -> Iterator[str]:
    for process in command.family():
        try:
            yield " ".join(process.cmdline())
        except psutil.Error:
            continue


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (signal.SIGTERM, "Starting a supervised collector"),
        (signal.SIGINT, ": running, windows"),
        (signal.SIGKILL, ": running, windows"),
    ],
)
def test_an_ended_run_leaves_no_process(machine: Machine, number: signal.Signals, said: str):
    with adopted_orphans() as living:
        run = machine.begin(*_RUN)
        run.until(said, seconds=180)
        programs = " ".join(_programs(run))
        for started in ("phoenix.server", "opampsupervisor", "loadsim"):
            assert started in programs, programs
        assert run.end(number).status == _STATUS[number]
        assert eventually(lambda: living() == [], 30), living()
    if number is not signal.SIGKILL:
        assert list((machine.folder / "tmp").iterdir()) == [], "its server's data were of this run alone"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_ended_server_command_leaves_no_process(machine: Machine, number: signal.Signals):
    with adopted_orphans() as living:
        up = machine.begin("up", "--port", "0", "--grpc-port", "0")
        up.until("serving")
        assert "phoenix.server" in " ".join(_programs(up))
        assert up.end(number).status == (-9 if number is signal.SIGKILL else 0)
        assert eventually(lambda: living() == [], 30), living()
