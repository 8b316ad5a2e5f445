"""`phoenix pipeline` as a user runs it."""

import json

import pytest
from tests.support.cli import phoenix


def test_lists_in_every_format():
    names = [entry["name"] for entry in json.loads(phoenix("pipeline", "list", "-o", "json").out)]
    assert len(names) >= 7
    for form in ("table", "yaml", "markdown"):
        finished = phoenix("pipeline", "list", "-o", form)
        assert finished.status == 0
        assert all(name in finished.out for name in names)
        assert "\x1b" not in finished.out


def test_rendering_to_a_file_writes_what_stdout_would_get(tmp_path):
    out = tmp_path / "out.yaml"
    assert phoenix("pipeline", "render", "process-minimal-v1", "--output", out).status == 0
    assert out.read_text() == phoenix("pipeline", "render", "process-minimal-v1").out


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        (("get", "no-such-pipeline"), 4, "PIPELINE_TEMPLATE_NOT_FOUND"),
        (("render", "no-such-pipeline"), 4, "PIPELINE_TEMPLATE_NOT_FOUND"),
        (("render", "process-minimal-v1", "-p", "intreval=5s"), 3, "PIPELINE_PARAMETER_UNKNOWN"),
        (("render", "process-minimal-v1", "-p", "interval"), 2, "USAGE"),
        (("render",), 2, "USAGE"),
        (("render", "process-minimal-v1", "--output", "/proc/out.yaml"), 7, "OUTPUT_UNAVAILABLE"),
        (("render", "process-minimal-v1", "--output", "/"), 6, "OUTPUT_EXISTS"),
    ],
)
def test_bad_input_is_told_with_code_and_remedy(line, status, code):
    finished = phoenix("pipeline", *line)
    assert (finished.status, finished.out) == (status, "")
    assert f"code: {code}\n" in finished.err
    assert "what to do: " in finished.err
    document = json.loads(phoenix("pipeline", *line, "-o", "json").err)
    assert (document["code"], document["exit_status"]) == (code, status)


def test_a_full_disk_under_the_output_is_an_error():
    finished = phoenix("pipeline", "render", "process-minimal-v1", "--output", "/dev/full")
    assert finished.status == 7
    assert "code: OUTPUT_UNAVAILABLE" in finished.err
