"""The stock supervisor with the stock collector, as a host runs them."""

import asyncio
import json
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from phoenix.collector.binary.build import Built
from phoenix.edge.opamp.agents import Offer

APPLY_SECONDS = 1


def config_text(mark: str, *, exporters: str = "debug", processors: str = "", more: str = "") -> str:
    """Return a config that needs no port; a mark makes its effective config recognisable."""
    return (
        "receivers: {host_metrics: {collection_interval: 1s, scrapers: {memory: {}}}}\n"
        f"processors: {{{processors}}}\n"
        f"exporters: {{{exporters}: {{{more}}}}}\n"
        f"service:\n  telemetry: {{resource: {{cfg.rev: {mark}}}}}\n"
        f"  pipelines: {{metrics: {{receivers: [host_metrics], exporters: [{exporters}]}}}}\n"
    )


def offer_of(text: str, mark: int) -> Offer:
    return Offer(text, f"{mark:064x}")


def write_config(folder: Path, built: Built, url: str, host: str, *, storage: Path | None = None) -> Path:
    """Write a supervisor's file; JSON is YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    (storage or folder / "storage").mkdir(exist_ok=True)
    config = {
        "server": {"endpoint": url, "headers": {"Authorization": [f"Bearer {host}"]}},
        "capabilities": {
            "accepts_remote_config": True,
            "reports_remote_config": True,
            "reports_available_components": True,
            "accepts_restart_command": True,
            "reports_effective_config": True,
            "reports_own_metrics": False,
            "reports_health": True,
            "reports_heartbeat": True,
        },
        "agent": {
            "executable": str(built.collector),
            "config_apply_timeout": f"{APPLY_SECONDS}s",
            # With HUP, an offer to a collector that is not up yet waits so long before it is FAILED.
            "bootstrap_timeout": "6s",
            "use_hup_config_reload": True,
            "passthrough_logs": True,
            # Own telemetry has a fixed port unless it is told otherwise, and another collector may hold it.
            "args": ["--set=service.telemetry.metrics.level=none"],
            "description": {"non_identifying_attributes": {"lab.name": folder.name}},
        },
        "storage": {"directory": str(storage or folder / "storage")},
        "telemetry": {"logs": {"level": "warn"}},
    }
    path = folder / "supervisor.yaml"
    path.write_text(json.dumps(config))
    return path


class Supervisor:
    """A supervisor that is started again when it exits, as systemd's `Restart=always` does.

    On a busy machine 0.149 may lose what the collector says of its feature gates, take it for one without
    `service.AllowNoPipelines`, and exit because our collector has no receiver `nop`.
    """

    def __init__(self, command: list[object], folder: Path) -> None:
        self._command = [str(word) for word in command]
        self._folder = folder
        self._stopping = False
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with (self._folder / "supervisor.log").open("ab") as log:
            return subprocess.Popen(self._command, stdout=log, stderr=log, cwd=self._folder)

    async def keep(self) -> None:
        while not self._stopping:
            if self.process.poll() is not None:
                self.process = self._start()
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """Stop as a supervisor wants to be stopped, without blocking the server that it says goodbye to."""
        self._stopping = True
        if self.process.poll() is not None:
            return
        collectors = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(asyncio.to_thread(self.process.wait), 15)
        except TimeoutError:
            self.process.kill()
            self.process.wait()
        for collector in collectors:
            if collector.is_running():
                collector.kill()


@asynccontextmanager
async def supervised(
    folder: Path,
    built: Built,
    url: str,
    host: str = "host-a",
    *,
    storage: Path | None = None,
) -> AsyncIterator[Supervisor]:
    """Run a supervisor and its collector, and leave neither behind."""
    config = write_config(folder, built, url, host, storage=storage)
    supervisor = Supervisor([built.supervisor, "--config", config], folder)
    keeping = asyncio.create_task(supervisor.keep())
    try:
        yield supervisor
    finally:
        await supervisor.stop()
        await keeping
