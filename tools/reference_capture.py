"""Record the capture that ships with the project anew (docs/how-to/reference-capture.md).

Run as root: it makes namespaces in which there is nothing but load-simulated processes, the recorder and the collector,
records there, scrubs what would say anything of the machine it was made on, and puts the result in its place.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import ResourceMetrics

from phoenix.collector.binary.find import find_collector
from phoenix.collector.record import shipped
from phoenix.collector.record.recorder import Recording, record
from phoenix.core.errors import PhoenixError
from phoenix.loadsim.profiles import find
from phoenix.loadsim.simulation import start
from phoenix.telemetry.capture import Capture, Origin
from phoenix.telemetry.codec import decode, encode
from phoenix.telemetry.storage import save

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "src" / "phoenix" / "collector" / "record" / shipped.FOLDER
RESULT = ROOT / "src" / "phoenix" / "cli" / "run" / "reference_result.json"
PROFILE = "realistic"
WARM_UP_SECONDS = 20
NAMESPACES = ("--fork", "--kill-child", "--pid", "--mount-proc", "--uts", "--ipc", "--net")
# Every simulated process has a name that begins so, and their supervisor has this one.
SIMULATED = "loadsim"
KEPT_ATTRIBUTES = ("process.pid", "process.parent_pid", "process.executable.name", "host.name")


def main(arguments: list[str]) -> int:
    """Make the capture; return an exit status."""
    parser = argparse.ArgumentParser(prog="reference_capture")
    parser.add_argument("--collector", type=Path, help="the collector to record with; else as `phoenix run` finds one")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--interval", type=float, default=5.0)
    parser.add_argument("--place", type=Path, default=PLACE, help="where the capture goes; what is there is replaced")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if not options.inside:
        if os.geteuid() != 0:
            print("reference_capture: making the namespaces takes root", file=sys.stderr)
            return 1
        command = ["unshare", *NAMESPACES, sys.executable, __file__, "--inside", *arguments]
        made = subprocess.run(command, check=False).returncode
        return made or evaluate(options.place)
    try:
        make(options)
    except PhoenixError as error:
        print(f"reference_capture: {error.message}\n{error.user_action}", file=sys.stderr)
        return 1
    return 0


def evaluate(place: Path) -> int:
    """Write the main job's result on the capture beside the command that shows it; return an exit status."""
    if place != PLACE:
        return 0
    command = ["phoenix", "run", "--once", "--capture", str(place.relative_to(ROOT)), "-o", "json"]
    ended = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE)
    if not ended.returncode:
        RESULT.write_bytes(ended.stdout)
    return ended.returncode


def make(options: argparse.Namespace) -> None:
    """Record, scrub and store. Runs inside the namespaces."""
    socket.sethostname(shipped.HOST)
    collector = find_collector(named=options.collector, cache=cache())
    with tempfile.TemporaryDirectory() as folder, start(find(PROFILE), folder=Path(folder)):
        # Until jobs come and go as many at a time, and start-up is forgotten.
        time.sleep(WARM_UP_SECONDS)
        recording = record(collector, seconds=options.seconds, interval_seconds=options.interval)
    capture = scrubbed(recording)
    fresh = options.place.with_name(f"{options.place.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    save(capture, fresh)
    shutil.rmtree(options.place, ignore_errors=True)
    fresh.rename(options.place)
    size = sum(path.stat().st_size for path in options.place.iterdir())
    print(f"{options.place}: {len(capture.batches)} scrapes, {len(capture.points)} points, {size / 1000:.0f} kB")


def cache() -> Path:
    """Return Phoenix's cache folder."""
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return Path(os.environ.get("PHOENIX_CACHE_DIR", home / "phoenix"))


def scrubbed(recording: Recording) -> Capture:
    """Return the simulated processes of a recording and nothing else, with no trace of the machine."""
    capture = recording.capture
    requests = []
    for body in encode(capture):
        seen = ExportMetricsServiceRequest.FromString(body)
        kept = ExportMetricsServiceRequest(resource_metrics=simulated(seen))
        requests.append(kept.SerializeToString())
    origin = Origin(
        host=shipped.HOST,
        recorded_at=capture.origin.recorded_at,
        collector_version=capture.origin.collector_version,
        interval_seconds=capture.origin.interval_seconds,
        masked=True,
        notes={"made_by": "tools/reference_capture.py", "load_profile": PROFILE},
    )
    return decode(requests, received_at=capture.batches.tolist(), origin=origin)


def simulated(request: ExportMetricsServiceRequest) -> Iterator[ResourceMetrics]:
    """Yield the resources that are simulated processes or their supervisor, with plain paths and owners.

    All of them are forks of one interpreter on a path of this machine; a real server's would have paths of their own.
    """
    for resource_metrics in request.resource_metrics:
        attributes = {item.key: item.value for item in resource_metrics.resource.attributes}
        name = attributes["process.executable.name"].string_value
        if name.split("-")[0] != SIMULATED:
            continue
        path = f"/usr/bin/{name}"
        said = {"process.executable.path": path, "process.command": path, "process.owner": "root"}
        for key, value in attributes.items():
            if key in said:
                value.string_value = said[key]
            elif key not in KEPT_ATTRIBUTES:
                raise SystemExit(f"reference_capture: nobody has said how to scrub {key}")
        yield resource_metrics


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
