"""The sandbox: whatever a config or a binary does, it ends, leaves nothing, and becomes a finding."""

import ctypes
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest
from tests.support.configs import metrics_config, pipeline_config
from tests.support.findings import beyond_declared

from phoenix.collector.config.names import Kind
from phoenix.collector.validate.binary_check.errors import SandboxUnavailableError
from phoenix.collector.validate.binary_check.sandbox import Killed, Sandbox
from phoenix.collector.validate.service import validate

NEVER_ENDS = "(" * 3000 + "true" + ")" * 3000
# Where the programs below find their interpreter and its library.
PYTHON = (Path(sys.prefix), Path(sys.base_prefix))
EXPRESSION = "(a{1,30}b{1,30}c{1,30}){1,30}"


def program(folder: Path, body: str, name: str = "fake-collector") -> Path:
    """Return an executable that runs `body` as Python."""
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{textwrap.dedent(body)}", encoding="utf-8")
    path.chmod(0o755)
    return path


def filtering(*conditions: str) -> str:
    texts = ", ".join(f"'{condition}'" for condition in conditions)
    return metrics_config({"filter": f"{{error_mode: propagate, metrics: {{metric: [{texts}]}}}}"})


def left_of(folder: Path) -> list[psutil.Process]:
    """Return the processes that still run a program of `folder`."""
    running = psutil.process_iter(["cmdline"])
    return [process for process in running if any(str(folder) in part for part in process.info["cmdline"] or ())]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which sandboxes make theirs, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_accepts_a_sound_config_and_names_the_version(collector_binary: Path, temporary: Path):
    report = validate(metrics_config(), "c.yaml", sandbox=Sandbox(collector_binary))
    assert (report.ok, report.findings, report.collector_version) == (True, (), "0.160.0")
    assert list(temporary.iterdir()) == []


def test_a_config_that_hangs_the_real_collector_is_a_finding(collector_binary: Path, temporary: Path):
    sandbox = Sandbox(collector_binary, time_limit_seconds=1.5)
    report = validate(filtering(NEVER_ENDS), "c.yaml", sandbox=sandbox)
    (found,) = report.findings
    assert (found.code, found.severity) == ("COLLECTOR_CHECK_TOO_SLOW", "error")
    assert "1.5 s" in found.message
    assert left_of(temporary) == []
    assert list(temporary.iterdir()) == []


def test_a_config_that_eats_the_memory_of_the_real_collector_is_a_finding(collector_binary: Path, temporary: Path):
    sandbox = Sandbox(collector_binary, memory_limit_bytes=140 << 20)
    conditions = [f'IsMatch(name, "{EXPRESSION}{number}")' for number in range(600)]
    report = validate(filtering(*conditions), "c.yaml", sandbox=sandbox)
    # What the filter drops is told, too.
    bad = beyond_declared(report.findings)
    assert [finding.code for finding in bad] == ["COLLECTOR_CHECK_TOO_LARGE"]
    assert list(temporary.iterdir()) == []


def test_kills_what_the_binary_started(tmp_path: Path, temporary: Path):
    binary = program(
        tmp_path,
        f"""
        import subprocess, time
        subprocess.Popen([{sys.executable!r}, "-c", "import time; time.sleep(600)", {str(temporary)!r}])
        time.sleep(600)
        """,
    )
    outcome = Sandbox(binary, readable=PYTHON, time_limit_seconds=1.0).run([], {}, {})
    assert outcome.killed is Killed.TIME
    for _ in range(100):
        if not left_of(temporary):
            break
        time.sleep(0.02)
    assert left_of(temporary) == []


def test_leaves_no_process_when_phoenix_itself_is_killed(tmp_path: Path):
    binary = program(tmp_path, "import time; time.sleep(600)")
    code = f"""
        from pathlib import Path
        from phoenix.collector.validate.binary_check.sandbox import Sandbox
        Sandbox(Path({str(binary)!r}), readable=(Path({sys.prefix!r}), Path({sys.base_prefix!r}))).run([], {{}}, {{}})
    """
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    phoenix = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], env=environment)
    try:
        assert _wait_until(lambda: len(left_of(binary)) == 1)
    finally:
        phoenix.kill()
        phoenix.wait()
    assert _wait_until(lambda: left_of(binary) == [])


def test_memory_is_watched_whatever_the_binary_is(tmp_path: Path):
    binary = program(tmp_path, "import time\nx = bytearray(300 << 20)\ntime.sleep(600)")
    outcome = Sandbox(binary, readable=PYTHON, memory_limit_bytes=100 << 20).run([], {}, {})
    assert outcome.killed is Killed.MEMORY
    assert outcome.peak_bytes > 100 << 20


def test_a_crash_is_a_finding(tmp_path: Path, collector_binary: Path):
    listing = subprocess.check_output([collector_binary, "components"], text=True)
    binary = program(
        tmp_path,
        f"""
        import sys
        if sys.argv[1] == "components":
            print({listing!r})
        else:
            print("panic: runtime error: index out of range", file=sys.stderr)
            sys.exit(2)
        """,
    )
    (found,) = validate(metrics_config(), "c.yaml", sandbox=Sandbox(binary, readable=PYTHON)).findings
    assert found.code == "COLLECTOR_CRASHED"
    assert "index out of range" in found.message


def test_the_binary_gets_placeholders_and_nothing_of_our_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BACKEND_KEY", "a real secret")
    binary = program(tmp_path, "import json, os\nprint(json.dumps(dict(os.environ)))")
    outcome = Sandbox(binary, readable=PYTHON).run([], {}, {"BACKEND_KEY": "stand-in"})
    assert '"BACKEND_KEY": "stand-in"' in outcome.output
    assert "a real secret" not in outcome.output
    assert "GOMEMLIMIT" in outcome.output


def test_the_binary_has_no_network_where_the_system_lets_us_take_it_away(tmp_path: Path):
    interfaces = "import socket\nprint([name for _, name in socket.if_nameindex()])"
    probe = "import ctypes\nraise SystemExit(ctypes.CDLL(None).unshare(0x50000000) != 0)\n"
    possible = subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
    outside = subprocess.check_output([sys.executable, "-c", interfaces], text=True)
    seen = Sandbox(program(tmp_path, interfaces), readable=PYTHON).run([], {}, {}).output
    assert seen == ("['lo']\n" if possible else outside)


@pytest.fixture
def landlock() -> bool:
    """Return whether this kernel lets a process give up files."""
    version = ctypes.CDLL(None).syscall
    version.restype = ctypes.c_long
    return bool(version(*map(ctypes.c_long, (444, 0, 0, 1))) > 0)


def test_the_binary_reads_no_file_of_ours_where_the_system_lets_us_take_them_away(tmp_path: Path, landlock: bool):
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    look = f"""
        import os, pathlib
        for path in ({str(secret)!r}, "/etc/passwd", f"/proc/{{os.getppid()}}/environ"):
            try:
                print(len(pathlib.Path(path).read_bytes()) > 0)
            except PermissionError:
                print("denied")
        try:
            pathlib.Path({str(tmp_path / "written")!r}).touch()
        except PermissionError:
            print("denied")
        pathlib.Path("mine").touch()
    """
    outcome = Sandbox(program(tmp_path, look), readable=PYTHON).run([], {}, {})
    assert (outcome.status, outcome.errors) == (0, "")
    assert outcome.output.split() == (["denied"] * 4 if landlock else ["True"] * 3)
    assert not landlock or not (tmp_path / "written").exists()


@pytest.mark.parametrize("value", ["${file:/etc/hostname}", "${http://127.0.0.1:1/x}", '${env:A:-"\\x24{file:/x}"}'])
def test_a_config_that_asks_other_providers_never_reaches_the_binary(
    tmp_path: Path, collector_binary: Path, value: str
):
    marker = tmp_path / "ran"
    listing = subprocess.check_output([collector_binary, "components"], text=True)
    binary = program(
        tmp_path,
        f"""
        import pathlib, sys
        print({listing!r}) if sys.argv[1] == "components" else pathlib.Path({str(marker)!r}).touch()
        """,
    )
    text = metrics_config({"resource": f"{{attributes: [{{key: a, value: '{value}', action: upsert}}]}}"})
    report = validate(text, "c.yaml", sandbox=Sandbox(binary, readable=PYTHON))
    assert not report.ok
    assert report.collector_version is None
    assert not marker.exists()


@pytest.mark.parametrize("kind", ["missing", "not executable", "not a program"])
def test_a_binary_that_cannot_run_is_an_error_with_a_remedy(tmp_path: Path, kind: str):
    path = tmp_path / "collector"
    if kind != "missing":
        path.write_bytes(b"\x00\x01 no program")
    if kind == "not a program":
        path.chmod(0o755)
    with pytest.raises(SandboxUnavailableError) as caught:
        validate(metrics_config(), "c.yaml", sandbox=Sandbox(path))
    assert caught.value.code == "VALIDATION_BINARY_UNUSABLE"


def test_a_folder_that_vanishes_is_not_taken_for_an_answer(tmp_path: Path):
    binary = program(tmp_path, "import os\nos.remove('config.yaml')")
    with pytest.raises(SandboxUnavailableError, match="something removed"):
        Sandbox(binary, readable=PYTHON).validate("a: b", "{}", {})


def test_defaults_of_a_component_come_from_the_binary(collector_binary: Path):
    sandbox = Sandbox(collector_binary)
    assert sandbox.defaults(Kind.PROCESSORS, "batch/mine")["send_batch_size"] == 8192
    assert sandbox.defaults(Kind.PROCESSORS, "no_such_thing") == {}


def test_a_type_the_binary_lacks_is_an_error_there(collector_binary: Path):
    text = pipeline_config({"kafka_filter": ""})
    report = validate(text, "c.yaml", sandbox=Sandbox(collector_binary))
    assert [f.severity for f in report.findings if f.code == "COMPONENT_TYPE_UNKNOWN"] == ["error"]


def _wait_until(condition) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
