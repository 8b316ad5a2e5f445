import json
from pathlib import Path

import pytest
from tests.support.cli import run_here
from tests.support.command_lines import options_of
from tests.support.replay.process_requests import scrapes

from phoenix.cli.capture import record
from phoenix.cli.capture.diff import DiffOptions
from phoenix.cli.capture.get import GetOptions
from phoenix.cli.capture.import_ import ImportOptions
from phoenix.cli.capture.record import RecordOptions
from phoenix.cli.captures import write_otlp_file
from phoenix.collector.record.readability import ProcessReadability
from phoenix.collector.record.recorder import Recording
from phoenix.collector.record.scraping import RecordingProgress
from phoenix.settings.output_format import OutputFormat
from phoenix.telemetry.capture import Origin
from phoenix.telemetry.masking import mask_command_lines
from phoenix.telemetry.storage import load, save

ORIGIN = Origin("web-1", "2026-05-01T10:00:00+00:00", "0.160.0", 5.0, notes={"processes": "12 of 12 can be read."})


@pytest.fixture(scope="module")
def telemetry():
    return scrapes([0, 5, 10]).with_origin(ORIGIN)


@pytest.fixture
def capture(telemetry, tmp_path):
    save(telemetry, tmp_path / "c")
    return tmp_path / "c"


def test_flags(monkeypatch):
    line = ("capture", "record", "--for", "2m", "--interval", "500ms", "--no-mask", "--command-line", "--output", "c")
    expected = RecordOptions(Path("c"), 120.0, 0.5, command_line=True, mask=False)
    assert options_of(monkeypatch, *line) == expected
    assert options_of(monkeypatch, "capture", "record", "--output", "c") == RecordOptions(Path("c"))
    imported = options_of(monkeypatch, "capture", "import", "in.jsonl", "--output", "c", "--mask", "-o", "json")
    assert imported == ImportOptions(Path("in.jsonl"), Path("c"), mask=True, output_format=OutputFormat.JSON)
    assert options_of(monkeypatch, "capture", "get", "c") == GetOptions(Path("c"))
    assert options_of(monkeypatch, "capture", "diff", "a", "b", "--limit", "3") == DiffOptions(Path("a"), Path("b"), 3)


def test_get_counts_what_is_in_it(capture, telemetry):
    found = json.loads(run_here("capture", "get", str(capture), "-o", "json").out)
    assert found["origin"]["host"] == "web-1"
    assert (found["requests"], found["scrapes"], found["points"]) == (3, 3, len(telemetry.points))
    assert sum(metric["points"] for metric in found["metrics"]) == found["points"]
    assert sum(found["processes_by_name"].values()) == found["processes"] == 11


@pytest.mark.parametrize("width", [80, 120])
def test_get_shows_it_to_people(capture, width):
    shown = run_here("capture", "get", str(capture), width=width).out
    assert "recorded 2026-05-01T10:00:00+00:00 on web-1 by collector 0.160.0" in shown
    assert "3 scrapes every 5s in 10s, 3 requests" in shown
    assert "12 of 12 can be read." in shown
    assert "process.cpu.time" in shown


def test_diff_of_equal_captures_is_a_success(capture, telemetry, tmp_path):
    save(telemetry, tmp_path / "d")
    finished = run_here("capture", "diff", str(capture), str(tmp_path / "d"))
    assert (finished.status, finished.err) == (0, "")
    assert finished.out.startswith("No difference: ")


def test_diff_takes_files_of_otlp_too(capture, telemetry, tmp_path):
    write_otlp_file(tmp_path / "d.jsonl", telemetry)
    finished = run_here("capture", "diff", str(capture), str(tmp_path / "d.jsonl"))
    assert (finished.status, finished.err) == (0, "")


def test_diff_of_other_captures_says_how_and_exits_with_1(capture, tmp_path):
    save(scrapes([0, 5]), tmp_path / "d")
    finished = run_here("capture", "diff", str(capture), str(tmp_path / "d"), "-o", "json", "--limit", "2")
    found = json.loads(finished.out)
    assert (finished.status, finished.err) == (1, "")
    assert found["equal"] is False
    assert found["counts"]["missing"] > 0
    assert len(found["differences"]) == 2
    shown = run_here("capture", "diff", str(capture), str(tmp_path / "d"))
    assert "They differ: " in shown.out
    assert "missing" in shown.out


def test_import_keeps_everything(telemetry, tmp_path):
    lines = tmp_path / "in.jsonl"
    write_otlp_file(lines, telemetry)
    finished = run_here("capture", "import", str(lines), "--output", str(tmp_path / "c"), "-o", "json")
    assert finished.status == 0
    assert json.loads(finished.out)["points"] == len(telemetry.points)
    assert load(tmp_path / "c").points.bits.tolist() == telemetry.points.bits.tolist()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b'{"resourceMetrics":[]}\n{"resourceMetrics": [oops\n', "line 2 is not JSON"),
        (b'{"something":1}\n', "line 1 holds no OTLP metrics"),
        (b"\x0a\xff\xff\xff", "TELEMETRY_INVALID"),
        (b"\xde\xad\xbe\xef", "neither JSON lines nor a protobuf request"),
        (b"\x1f\x8b\x08\x00", "compressed with gzip"),
    ],
)
def test_import_names_file_and_place_and_leaves_nothing(tmp_path, content, said):
    (tmp_path / "in.bin").write_bytes(content)
    finished = run_here("capture", "import", str(tmp_path / "in.bin"), "--output", str(tmp_path / "c"))
    assert (finished.status, finished.out) == (3, "")
    assert "in.bin" in finished.err
    assert said in finished.err
    assert "what to do: " in finished.err
    assert [path.name for path in tmp_path.iterdir()] == ["in.bin"]


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        (("get", "/none"), 4, "CAPTURE_NOT_FOUND"),
        (("get", "/etc"), 4, "CAPTURE_NOT_FOUND"),
        (("diff", "/none", "/none"), 4, "CAPTURE_NOT_FOUND"),
        (("import", "/none", "--output", "c"), 4, "INPUT_FILE_NOT_FOUND"),
        (("import", "/", "--output", "c"), 3, "INPUT_FILE_UNREADABLE"),
        (("import", "/dev/null", "--output", "/etc"), 6, "CAPTURE_EXISTS"),
        (("record", "--output", "/etc"), 6, "CAPTURE_EXISTS"),
        (("record", "--output", "/none/c"), 4, "CAPTURE_NOT_FOUND"),
        (("record", "--output", "c", "--for", "soon"), 3, "DURATION_INVALID"),
        (("record",), 2, "USAGE"),
    ],
)
def test_says_what_is_wrong_before_any_work(line, status, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    finished = run_here("capture", *line)
    assert (finished.status, finished.out) == (status, "")
    assert f"code: {code}" in finished.err
    assert list(tmp_path.iterdir()) == []


def test_an_altered_capture_is_refused(capture):
    (capture / "points.parquet").write_bytes(b"PAR1")
    finished = run_here("capture", "get", str(capture))
    assert (finished.status, finished.out) == (3, "")
    assert "points.parquet" in finished.err
    assert "code: CAPTURE_CORRUPT" in finished.err


@pytest.fixture
def recorder(monkeypatch, telemetry):
    asked = []

    def fake_record(collector, *, seconds, receiver, interval_seconds, mask, progress):
        asked.append((collector, seconds, interval_seconds, receiver))
        progress(RecordingProgress(1, 3, 5.0))
        readable = ProcessReadability("me", 12, 12, 0, 0, 0, 0, capable=True, others_hidden=False)
        return Recording(mask_command_lines(telemetry) if mask else telemetry, readable, 3)

    monkeypatch.setattr(record, "record", fake_record)
    monkeypatch.setattr(record, "the_collector", lambda _cli: "the collector")
    return asked


def test_record_takes_the_settings_and_masks(recorder, tmp_path):
    finished = run_here("capture", "record", "--output", str(tmp_path / "c"))
    assert finished.status == 0
    assert recorder[0][:3] == ("the collector", 60.0, 5.0)
    assert load(tmp_path / "c").origin.masked
    assert finished.err.splitlines() == ["Recording this host for 60s ...", finished.err.splitlines()[-1]]


def test_record_obeys_its_flags(recorder, tmp_path):
    line = ("capture", "record", "--for", "10s", "--interval", "1s", "--no-mask", "--command-line")
    assert run_here(*line, "--output", str(tmp_path / "c")).status == 0
    collector, seconds, interval, receiver = recorder[0]
    assert (collector, seconds, interval) == ("the collector", 10.0, 1.0)
    assert receiver["scrapers"]["process"]["resource_attributes"]["process.command_line"]["enabled"]
    assert not load(tmp_path / "c").origin.masked
