import json

import pytest
from tests.support.cli import run_here
from tests.support.command_lines import options_of

from phoenix.cli.pipeline.parameters import parse_parameters
from phoenix.cli.pipeline.render import RenderOptions
from phoenix.collector.config.document import ConfigDocument
from phoenix.core.errors import PhoenixError
from phoenix.settings.model import Settings


def test_flags(monkeypatch, tmp_path):
    out, capture = tmp_path / "out.yaml", tmp_path / "c"
    line = ("pipeline", "render", "process-topk-v1", "--param", "top_k=5", "-p", "interval=10s")
    assert options_of(monkeypatch, *line, "--output", str(out), "--capture", str(capture)) == RenderOptions(
        "process-topk-v1", {"top_k": "5", "interval": "10s"}, capture, out
    )


@pytest.mark.parametrize("texts", [["interval"], ["=1"], ["a=1", "a=2"]])
def test_a_parameter_is_a_name_and_a_value(texts):
    with pytest.raises(PhoenixError) as caught:
        parse_parameters(texts)
    assert caught.value.code == "USAGE"


def test_renders_a_config_that_is_yaml():
    finished = run_here("pipeline", "render", "process-baseline-v1", "--param", "interval=30s")
    document = ConfigDocument.parse(finished.out, "rendered.yaml")
    assert document.data["receivers"]["host_metrics"]["collection_interval"] == "30s"
    assert finished.err == ""


def test_renders_with_the_critical_processes_of_the_settings_unless_given():
    settings = Settings(critical_processes=("my-db",))
    line = ("pipeline", "render", "process-priority-filter-v1", "-o", "json")
    rendered = json.loads(run_here(*line, settings=settings).out)
    assert rendered["parameters"]["critical_processes"] == ["my-db"]
    given = run_here(*line, "--param", "critical_processes=nginx", settings=settings)
    assert json.loads(given.out)["parameters"]["critical_processes"] == ["nginx"]


def test_writes_the_config_to_a_file(tmp_path):
    out = tmp_path / "out.yaml"
    finished = run_here("pipeline", "render", "process-baseline-v1", "--output", str(out))
    assert (finished.status, finished.out, finished.err) == (0, "", f"wrote {out}\n")
    assert out.read_text() == run_here("pipeline", "render", "process-baseline-v1").out


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        (("process-tpok-v1",), 4, "Did you mean process-topk-v1?"),
        (("process-baseline-v1", "-p", "intervall=1s"), 3, "code: PIPELINE_PARAMETER_UNKNOWN"),
        (("process-baseline-v1", "-p", "interval=soon"), 3, "code: PIPELINE_PARAMETER_TYPE"),
        (("process-baseline-v1", "-p", "interval=1ms"), 3, "code: PIPELINE_PARAMETER_OUT_OF_RANGE"),
        (("process-baseline-v1", "-p", "interval="), 3, "code: PIPELINE_PARAMETER_MISSING"),
        (("process-topk-v1", "-p", "top_k=5"), 3, "--capture"),
        (("process-topk-v1", "-p", "top_k=5", "--capture", "/none"), 4, "/none"),
        (("process-baseline-v1", "--output", "/none/out.yaml"), 7, "code: OUTPUT_UNAVAILABLE"),
        (("process-baseline-v1", "--output", "/"), 6, "code: OUTPUT_EXISTS"),
    ],
)
def test_says_what_is_wrong_and_writes_nothing(line, status, said):
    finished = run_here("pipeline", "render", *line)
    assert (finished.status, finished.out) == (status, "")
    assert said in finished.err
    assert "what to do: " in finished.err
