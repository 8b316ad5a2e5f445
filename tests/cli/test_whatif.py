"""`phoenix capture` and `phoenix whatif` from recording to result, on this host and the real collector."""

import json
import shutil
from pathlib import Path

import pytest
from tests.support.cli import phoenix
from tests.support.replay.metrics_configs import metrics_config
from tests.support.replay.process_requests import scrapes

from phoenix.collector.catalogue.registry import render
from phoenix.telemetry.storage import save


@pytest.fixture(scope="module")
def capture(tmp_path_factory, built_programs):
    path = tmp_path_factory.mktemp("captures") / "c"
    finished = phoenix("capture", "record", "--for", "4s", "--interval", "1s", "--output", path, "-o", "json")
    assert finished.status == 0, finished.err
    found = json.loads(finished.out)
    assert found["points"] > 0
    assert found["origin"]["masked"]
    assert "Recording this host for 4s" in finished.err
    return path


def rendered(name, path):
    """Write a pipeline as `pipeline render --output` does, which has tests of its own; starting it takes a second."""
    path.write_text(render(name).text)


def test_a_template_saves_and_its_output_can_be_imported_again(capture, tmp_path):
    out = tmp_path / "out.jsonl"
    line = ("whatif", "--template", "process-topk-v1", "-p", "top_k=3", "--critical", "python.*")
    finished = phoenix(*line, "--capture", capture, "--output-otlp", out, "-o", "json")
    assert finished.status == 0, finished.err
    found = json.loads(finished.out)
    assert found["candidate"]["series"] < found["baseline"]["series"]
    assert found["candidate"]["corrupted"] == []
    imported = phoenix("capture", "import", out, "--output", tmp_path / "c", "-o", "json")
    assert json.loads(imported.out)["points"] == found["candidate"]["points"]


def test_a_rendered_file_in_every_format(capture, tmp_path):
    config = tmp_path / "new.yaml"
    rendered("process-minimal-v1", config)
    for form, said in (("table", "series "), ("markdown", "| series |"), ("yaml", "candidate:"), ("json", "{")):
        finished = phoenix("whatif", "-f", config, "-c", capture, "--evaluator", "collector", "-o", form)
        assert finished.status == 0, finished.err
        assert said in finished.out
        assert "\x1b" not in finished.out + finished.err


def test_a_collector_cannot_make_more_of_the_baseline_than_is_in_it(capture, tmp_path):
    config = tmp_path / "all.yaml"
    rendered("process-baseline-v1", config)
    out = tmp_path / "out.jsonl"
    phoenix("whatif", "-f", config, "-c", capture, "--output-otlp", out)
    phoenix("capture", "import", out, "--output", tmp_path / "replayed")
    finished = phoenix("capture", "diff", capture, tmp_path / "replayed")
    assert (finished.status, finished.err) == (0, "")


def test_columns_and_the_collector_say_the_same(capture, tmp_path):
    config = tmp_path / "filter.yaml"
    rendered("process-priority-filter-v1", config)
    answers = {}
    for evaluator in ("columnar", "collector"):
        out = tmp_path / f"{evaluator}.jsonl"
        line = ("whatif", "-f", config, "-c", capture, "--evaluator", evaluator, "--output-otlp", out, "-o", "json")
        finished = phoenix(*line)
        assert finished.status == 0, finished.err
        answers[evaluator] = json.loads(finished.out)
        assert answers[evaluator]["evaluator"] == evaluator
    finished = phoenix("capture", "diff", tmp_path / "columnar.jsonl", tmp_path / "collector.jsonl")
    assert (finished.status, finished.err) == (0, "")
    columns, collector = (answers[name]["candidate"] for name in ("columnar", "collector"))
    assert columns["dropped"]["series"] == collector["dropped_or_folded"]["series"]
    assert columns["folded"]["series_in"] == 0
    assert columns["corrupted"] == collector["corrupted"]


def test_columns_need_no_collector_at_all(tmp_path):
    save(scrapes([0, 5]), tmp_path / "c")
    rendered("process-minimal-v1", tmp_path / "new.yaml")
    nothing = {"PHOENIX_CACHE_DIR": str(tmp_path / "cache"), "PATH": ""}
    line = ("whatif", "-f", tmp_path / "new.yaml", "-c", tmp_path / "c", "--evaluator", "columnar", "-o", "json")
    finished = phoenix(*line, environment=nothing)
    assert finished.status == 0, finished.err
    assert json.loads(finished.out)["evaluator"] == "columnar"


def test_what_columns_do_not_know_is_refused_or_handed_on_with_a_word(built_programs, tmp_path):
    save(scrapes([0, 5]), tmp_path / "c")
    config = tmp_path / "new.yaml"
    config.write_text(metrics_config("metric_start_time", "{metric_start_time: }").text)
    refused = phoenix("whatif", "-f", config, "-c", tmp_path / "c", "--evaluator", "columnar")
    assert refused.status == 3
    assert "code: COMPONENT_UNSUPPORTED" in refused.err
    handed_on = phoenix("whatif", "-f", config, "-c", tmp_path / "c", "-o", "json")
    assert handed_on.status == 0, handed_on.err
    assert "evaluating the whole pipeline with the collector" in handed_on.err
    assert json.loads(handed_on.out)["evaluator"] == "collector"


def test_validate_asks_the_real_collector(built_programs, tmp_path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    rendered("process-topk-v1", good)
    finished = phoenix("pipeline", "validate", good, "-o", "json")
    assert finished.status == 0, finished.out
    assert json.loads(finished.out)["collector_version"]
    # Only the binary knows that an OTTL function does not exist.
    bad.write_text(good.read_text().replace("IsMatch(", "IsMitch("))
    finished = phoenix("pipeline", "validate", bad, "-o", "json")
    report = json.loads(finished.out)
    assert finished.status == 3
    assert any("IsMitch" in finding["message"] for finding in report["findings"])
    assert json.loads(finished.err)["code"] == "PIPELINE_REFUSED"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    save(scrapes([0, 5]), folder / "c")
    save(scrapes([]), folder / "empty")
    rendered("process-minimal-v1", folder / "good.yaml")
    (folder / "broken.yaml").write_text("receivers: [\n")
    (folder / "refused.yaml").write_text(
        (folder / "good.yaml").read_text().replace("check_interval: 1s", "check_interval: -1s")
    )
    (folder / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (folder / "cut").mkdir()
    (folder / "cut" / "capture.json").write_text("{")
    (folder / "plain").write_text("")
    return folder


@pytest.fixture
def files(made_once, tmp_path):
    """A folder of the test's own with good input and bad."""
    return shutil.copytree(made_once, tmp_path / "files")


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        (("whatif", "-f", "none.yaml", "-c", "c"), 4, "INPUT_FILE_NOT_FOUND"),
        (("whatif", "-f", ".", "-c", "c"), 3, "INPUT_FILE_UNREADABLE"),
        (("whatif", "-f", "binary.yaml", "-c", "c"), 3, "INPUT_FILE_UNREADABLE"),
        (("whatif", "-f", "broken.yaml", "-c", "c"), 3, "PIPELINE_INVALID_CONFIG"),
        (("whatif", "-f", "refused.yaml", "-c", "c"), 3, "CONFIG_REFUSED_BY_COLLECTOR"),
        (("whatif", "-f", "good.yaml", "-c", "c", "--pipeline", "metrics/none"), 4, "PIPELINE_NOT_FOUND"),
        (("whatif", "-f", "good.yaml", "-c", "none"), 4, "CAPTURE_NOT_FOUND"),
        (("whatif", "-f", "good.yaml", "-c", "cut"), 3, "CAPTURE_CORRUPT"),
        (("whatif", "-f", "good.yaml", "-c", "plain"), 4, "CAPTURE_NOT_FOUND"),
        (("whatif", "-f", "good.yaml", "-c", "c", "-o", "xml"), 2, "USAGE"),
        (("whatif", "-f", "good.yaml", "-c", "c", "--output-otlp", "none/out"), 7, "OUTPUT_UNAVAILABLE"),
        (("whatif", "-f", "good.yaml", "-c", "c", "--output-otlp", "."), 6, "OUTPUT_EXISTS"),
        (("whatif", "-f", "good.yaml", "-c", "empty", "--cpu"), 3, "CAPTURE_WITHOUT_POINTS"),
        (("capture", "record", "--for", "1s", "--interval", "5s", "--output", "new"), 3, "RECORD_TIME_INVALID"),
        (("capture", "record", "--output", "c"), 6, "CAPTURE_EXISTS"),
        (("pipeline", "validate", "none.yaml"), 4, "INPUT_FILE_NOT_FOUND"),
        (("pipeline", "validate", "."), 3, "INPUT_FILE_UNREADABLE"),
    ],
)
def test_bad_input_is_told_with_code_and_remedy_and_leaves_nothing(built_programs, files, line, status, code):
    before = sorted(files.iterdir())
    finished = phoenix(*line, cwd=files)
    assert (finished.status, finished.out) == (status, ""), finished.err
    assert f"\ncode: {code}\n" in finished.err
    assert "\nwhat to do: " in finished.err
    assert sorted(files.iterdir()) == before


def test_a_collector_that_is_none_is_refused(files):
    environment = {"PHOENIX_COLLECTOR__BINARY": "/bin/true"}
    finished = phoenix("capture", "record", "--output", "new", cwd=files, environment=environment)
    assert (finished.status, finished.out) == (3, "")
    assert "code: PROGRAM_UNUSABLE" in finished.err
    assert not Path(files / "new").exists()


def test_an_empty_capture_saves_nothing_and_loses_nothing(built_programs, files):
    finished = phoenix("whatif", "-f", "good.yaml", "-c", "empty", "-o", "json", cwd=files)
    assert finished.status == 0, finished.err
    found = json.loads(finished.out)["candidate"]
    assert (found["series"], found["saving_percent"]["series"], found["corrupted"]) == (0, None, [])
