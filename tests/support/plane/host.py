"""A host for fault tests: a real collector under the real supervisor, with production in a file."""

import itertools
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.plane.exported import times_of
from tests.support.plane.plane import Plane, eventually

from phoenix.collector.binary.build import Built
from phoenix.collector.supervised.files import write_files
from phoenix.collector.supervised.model import SupervisedHost, SupervisorFiles
from phoenix.collector.supervised.processes import collectors, end_collectors
from phoenix.collector.supervised.running import RunningSupervisor, start_supervisor

INTERVAL_SECONDS = 1.0
# Names the production file on the host itself, for a config that several hosts run.
PRODUCTION = "PHX_PRODUCTION"


@dataclass
class FaultHost:
    """A host that tests may break.

    Attributes:
        name: at the server.
        files: of its supervisor.
        production: the file that its production exporter writes.
    """

    plane: Plane
    built: Built
    folder: Path
    name: str = "host-1"
    config: str = ""
    files: SupervisorFiles = field(init=False)
    running: RunningSupervisor | None = None

    @property
    def production(self) -> Path:
        return self.folder / "production.jsonl"

    def enrol(self, config: str | None = None) -> None:
        """Take it in at the server and write its files; nothing runs yet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config = config or baseline(self.production)
        credential = self.plane.enrol(self.name, self.config)["credential"]
        self.write(str(credential))

    def write(self, credential: str) -> None:
        """Write the files of its supervisor with this credential."""
        host = SupervisedHost(
            self.plane.url,
            credential,
            self.built.collector,
            self.built.supervisor,
            config_apply_seconds=2.0,
            environment={PRODUCTION: str(self.production)},
        )
        # Where the command line on this host looks for them, given `XDG_STATE_HOME`.
        self.files = write_files(self.folder / "phoenix" / "hosts" / self.name, host)

    def start(self) -> None:
        self.running = start_supervisor(self.files)

    def stop(self) -> None:
        """End supervisor and collector, whatever state they are in."""
        if self.running is not None:
            self.running.stop()
            self.running = None
        end_collectors(self.files)

    def kill_supervisor(self) -> None:
        """Kill the supervisor; the collector that it leaves lives on until it notices, or until the next `start`."""
        assert self.running is not None
        self.running.process.send_signal(signal.SIGKILL)
        self.running.process.wait()
        self.running._lock.close()
        self.running = None

    def kill_collector(self) -> int:
        """Kill the collector and return the process it was."""
        pid = eventually(self._collector, f"a collector of {self.name}")
        os.kill(pid, signal.SIGKILL)
        return pid

    def _collector(self) -> int | None:
        return next((process.pid for process in collectors(self.files)), None)

    def scrapes(self) -> list[float]:
        """Return when production got each scrape, in seconds since the epoch by the points' own times, ascending."""
        return sorted(times_of(self.production))

    def missed_scrapes(self, since: float, until: float | None = None) -> int:
        """Return the longest run of scrapes that production missed between two moments."""
        end = time.time() if until is None else until
        seen = [since, *(at for at in self.scrapes() if since <= at <= end), end]
        longest = max(after - before for before, after in itertools.pairwise(seen))
        # Two neighbours are one interval apart when none is missing; a scrape may come late by a part of one.
        return max(0, int(longest / INTERVAL_SECONDS + 0.5) - 1)


def baseline(production: Path, *, interval: float = INTERVAL_SECONDS, processes: str = "phx-.*") -> str:
    """Return a config as a user has it: host metrics and named processes into a file."""
    return f"""
receivers:
  host_metrics:
    collection_interval: {interval}s
    initial_delay: 0s
    scrapers:
      memory: {{}}
      process:
        mute_process_all_errors: true
        include: {{names: ["{processes}"], match_type: regexp}}
processors:
  resource/host: {{attributes: [{{key: host.name, value: host-1, action: upsert}}]}}
exporters:
  file/production: {{path: "{production}", append: true, flush_interval: 100ms}}
service:
  pipelines:
    metrics: {{receivers: [host_metrics], processors: [resource/host], exporters: [file/production]}}
"""
