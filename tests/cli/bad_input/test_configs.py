"""Configs that are wrong in each of the ways a config can be, through both commands that take one."""

import socket

import pytest
from tests.support.cli import assert_told, phoenix

# Code of `validate`, place, words; and what `whatif` calls it.
WRONG = {
    "broken-yaml": (
        lambda text: text.replace("  batch: {}", "  batch: {"),
        "CONFIG_NOT_YAML",
        "45:8",
        "",
        "PIPELINE_INVALID_CONFIG",
    ),
    "unknown-component": (
        lambda text: text.replace("  batch: {}", "  btach: {}").replace("- batch", "- btach"),
        *("COMPONENT_TYPE_UNKNOWN", "43:3", 'did you mean "batch"'),
        "CONFIG_REFUSED_BY_COLLECTOR",
    ),
    "dangling-reference": (
        lambda text: text.replace("- batch", "- nope"),
        *("COMPONENT_UNDEFINED", "56:11", '"nope"'),
        "CONFIG_REFUSED_BY_COLLECTOR",
    ),
    "ottl-syntax": (
        lambda text: text.replace("!= nil and not (", "!= nil and and ("),
        *("OTTL_INVALID", "41:67", "expected a value, but there is and"),
        "CONFIG_REFUSED_BY_COLLECTOR",
    ),
    "ottl-function": (
        lambda text: text.replace("IsMatch(", "IsMitch("),
        *("OTTL_INVALID", "41:72", "IsMitch"),
        "CONFIG_REFUSED_BY_COLLECTOR",
    ),
    "only-the-binary-knows": (
        lambda text: text.replace("  batch: {}", "  batch: {send_batch_size: 9, send_batch_max_size: 2}"),
        *("COLLECTOR_SETTINGS_REFUSED", "43:31", "send_batch_max_size"),
        "CONFIG_REFUSED_BY_COLLECTOR",
    ),
    "unknown-setting": (
        lambda text: text.replace("  batch: {}", "  batch: {send_batch_sise: 9}"),
        *("COLLECTOR_KEY_UNKNOWN", "43:11", "send_batch_sise"),
        "CONFIG_REFUSED_BY_COLLECTOR",
    ),
}


@pytest.fixture
def wrong(request, good, out):
    spoil, *expected = WRONG[request.param]
    text = (good / "good.yaml").read_text()
    (out / "wrong.yaml").write_text(spoil(text))
    assert spoil(text) != text
    return expected


@pytest.mark.parametrize("wrong", WRONG, indirect=True)
def test_validate_tells_a_wrong_config_with_code_and_place(wrong, out, built_programs):
    code, place, words, _ = wrong
    finished = phoenix("pipeline", "validate", "wrong.yaml", "-o", "markdown", cwd=out)
    assert_told(finished, 3, "PIPELINE_REFUSED", "wrong.yaml", code)
    assert f"| {place} | error |" in finished.out
    assert words in finished.out


@pytest.mark.parametrize(
    "wrong", ["broken-yaml", "unknown-component", "dangling-reference", "ottl-function"], indirect=True
)
def test_whatif_tells_a_wrong_config_with_code_and_place(wrong, good, out, built_programs):
    _, place, words, code = wrong
    finished = phoenix("whatif", "-f", "wrong.yaml", "-c", good / "c", cwd=out)
    assert_told(finished, 3, code, f"error: wrong.yaml:{place}: ", words)
    assert finished.out == ""


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ("top_k=0", "PIPELINE_PARAMETER_OUT_OF_RANGE", "1 to 10000"),
        ("top_k=many", "PIPELINE_PARAMETER_TYPE", "whole number"),
        ("topk=3", "PIPELINE_PARAMETER_UNKNOWN", "Did you mean top_k?"),
    ],
)
def test_a_wrong_parameter_is_told_with_what_is_allowed(given, code, words, good, built_programs):
    rendered = phoenix("pipeline", "render", "process-topk-v1", "-p", given)
    evaluated = phoenix("whatif", "--template", "process-topk-v1", "-p", given, "-c", "c", cwd=good)
    for finished in (rendered, evaluated):
        assert_told(finished, 3, code, given.partition("=")[0], words)
        assert finished.out == ""


def test_a_config_whose_aliases_would_fill_the_memory_is_refused(good, out):
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (out / "bomb.yaml").write_text("\n".join(levels))
    assert_told(phoenix("pipeline", "validate", "bomb.yaml", cwd=out), 3, "PIPELINE_REFUSED", "CONFIG_TOO_COMPLEX")
    assert_told(phoenix("whatif", "-f", "bomb.yaml", "-c", good / "c", cwd=out), 3, "CONFIG_TOO_COMPLEX", "bomb.yaml:")


def test_a_port_in_use_is_for_the_host_to_know_and_no_matter_for_whatif(good, out, built_programs):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        endpoint = f"127.0.0.1:{taken.getsockname()[1]}"
        (out / "port.yaml").write_text(
            "receivers:\n  otlp:\n    protocols:\n      http:\n"
            f"        endpoint: {endpoint}\n"
            "processors: {batch: }\nexporters: {debug: }\n"
            "service: {pipelines: {metrics: {receivers: [otlp], processors: [batch], exporters: [debug]}}}\n"
        )
        validated = phoenix("pipeline", "validate", "port.yaml", cwd=out)
        assert (validated.status, validated.err) == (0, "")
        assert f"5:9   port   {endpoint}" in validated.out.partition("Only the host knows")[2]
        assert phoenix("whatif", "-f", "port.yaml", "-c", good / "c", cwd=out).status == 0
