import pytest
from ruamel.yaml import YAML

from phoenix.collector.catalogue import registry, source
from phoenix.collector.catalogue.blocks.destinations import DESTINATIONS
from phoenix.collector.catalogue.errors import (
    ParameterConflictError,
    ParameterMissingError,
    ParameterUnknownError,
    TemplateNotFoundError,
)
from phoenix.collector.config.document import ConfigDocument


def config(name, **given):
    return ConfigDocument.parse(registry.render(name, given).text).data


def test_an_alias_finds_its_template():
    assert registry.find("process-priority-based-v1") is registry.find("process-priority-filter-v1")


def test_an_unknown_template_is_told_its_nearest_name():
    with pytest.raises(TemplateNotFoundError, match="Did you mean process-topk-v1") as caught:
        registry.find("process-topk")
    assert caught.value.code == "PIPELINE_TEMPLATE_NOT_FOUND"


@pytest.mark.parametrize("name", registry.names())
def test_every_template_keeps_the_order_of_good_practice(name):
    rendered = config(name)
    processors = rendered["service"]["pipelines"]["metrics"]["processors"]
    assert processors[:2] == ["memory_limiter", "resource_detection/host"]
    assert processors[-1] == "batch"
    assert set(processors) == set(rendered["processors"])
    assert "limit_mib" in rendered["processors"]["memory_limiter"]
    for processor, settings in rendered["processors"].items():
        if processor.split("/")[0] in ("filter", "transform"):
            assert settings["error_mode"] == "propagate"


def test_every_template_has_the_same_receivers():
    blocks = [config(name, interval="15s")["receivers"] for name in registry.names()]
    assert all(block == blocks[0] for block in blocks)
    assert blocks[0] == source.receivers(15)


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_endpoints_and_keys_come_from_the_environment_only(destination):
    exporters = config("process-baseline-v1", destination=destination)["exporters"]
    text = str(exporters)
    assert all(f"${{env:{name}}}" in text for name in DESTINATIONS[destination].environment)
    assert "http" not in text.replace("otlp_http", "")


@pytest.mark.parametrize("name", registry.names())
def test_a_delta_destination_gets_delta_counters_last(name):
    processors = config(name, destination="datadog-otlp")["service"]["pipelines"]["metrics"]["processors"]
    assert processors[-2:] == ["cumulative_to_delta/destination", "batch"]


def test_the_text_says_which_parameters_made_it():
    text = registry.render("process-topk-v1", {"cpu_fraction": "0.2"}).text
    assert "process-topk-v1" in text.splitlines()[0]
    assert "#   cpu_fraction: 0.2" in text


def test_rendering_the_same_twice_gives_the_same_text():
    first, second = (registry.render("process-topk-v1").text for _ in range(2))
    assert first == second


def test_the_resolved_parameters_are_reported():
    rendered = registry.render("process-topk-v1", {"memory_bytes": "1GiB"})
    assert rendered.parameters["memory_bytes"] == 2**30
    assert rendered.parameters["interval"] == 60.0


def test_a_pattern_on_the_command_line_needs_the_command_line():
    given = {"critical_processes": "process.command_line=.*kafka.*"}
    with pytest.raises(ParameterConflictError, match="critical_processes"):
        registry.render("process-minimal-v1", given)
    assert registry.render("process-minimal-v1", given | {"command_line": "true"}).text


def test_an_unknown_parameter_is_refused():
    with pytest.raises(ParameterUnknownError):
        registry.render("process-baseline-v1", {"cpu_fraction": "0.1"})


def test_top_k_without_a_capture_says_what_is_missing():
    with pytest.raises(ParameterMissingError, match="top_k") as caught:
        registry.render("process-topk-v1", {"top_k": "5"})
    assert "--capture" in caught.value.user_action


def test_statements_stay_on_one_line():
    document = YAML(typ="safe").load(registry.render("process-priority-filter-v1").text)
    condition = document["processors"]["filter/low"]["metric_conditions"][0]
    assert condition in registry.render("process-priority-filter-v1").text
