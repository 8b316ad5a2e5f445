"""Pipelines on both databases: what is stored never changes, and what would not run is never stored."""

import asyncio

import pytest
from tests.support.store.clocks import SteppedClock

from phoenix.collector.catalogue import registry
from phoenix.collector.catalogue.errors import ParameterRangeError, TemplateNotFoundError
from phoenix.collector.config.errors import ConfigSyntaxError
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.control.audit import service as audit
from phoenix.control.pipelines.checking import Checker
from phoenix.control.pipelines.errors import (
    PipelineNameError,
    PipelineNotFoundError,
    PipelineParametersError,
)
from phoenix.control.pipelines.model import Source
from phoenix.control.pipelines.service import Pipelines

pytestmark = pytest.mark.anyio
NOW = SteppedClock().now()
TEXT = """\
# Mine: kept as I wrote it,   blanks and all.
receivers: {host_metrics: {scrapers: {process: }}}
exporters: {debug: }
service: {pipelines: {metrics: {receivers: [host_metrics], exporters: [debug]}}}"""


@pytest.fixture(scope="module")
def checker(collector_binary):
    return Checker(Sandbox(collector_binary))


@pytest.fixture
def pipelines(checker):
    return Pipelines(checker)


@pytest.fixture
def create(database, pipelines):
    async def create(text=TEXT, name="mine"):
        async with database.transaction() as session:
            return await pipelines.create(session, name=name, text=text, actor="usr-1", now=NOW)

    return create


@pytest.fixture
def resolve(database, pipelines):
    async def resolve(reference, **parameters):
        async with database.transaction() as session:
            return await pipelines.resolve(session, reference, parameters=parameters, actor="usr-1", now=NOW)

    return resolve


async def test_keeps_the_text_as_it_was_written(database, create, pipelines):
    made = await create()
    async with database.read() as session:
        found = await pipelines.get(session, made.id)
        (entry,) = await audit.entries(session, made.id)
    assert found == made
    assert (found.text, found.reference, found.source, found.created_by) == (TEXT, "mine@1", Source.USER, "usr-1")
    assert found.report["ok"]
    assert found.report["collector_version"]
    assert (entry.action, entry.actor) == ("pipeline.created", "usr-1")


async def test_a_changed_text_is_the_next_version_and_the_same_text_is_not(create, resolve):
    first, second = await create(), await create(TEXT + "\n")
    assert (first.number, second.number) == (1, 2)
    assert await create(TEXT + "\n") == second
    assert await resolve("mine") == second
    assert await resolve("mine@1") == first
    assert await resolve(first.id) == first


async def test_versions_made_at_once_get_numbers_of_their_own(database, create, pipelines):
    made = await asyncio.gather(*(create(f"{TEXT}\n# {number}") for number in range(6)))
    assert sorted(it.number for it in made) == [1, 2, 3, 4, 5, 6]
    async with database.read() as session:
        assert [it.number for it in await pipelines.versions(session, "mine")] == [6, 5, 4, 3, 2, 1]
        assert [(it.name, it.versions) for it in await pipelines.pipelines(session)] == [("mine", 6)]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("receivers: [", "CONFIG_NOT_YAML"),
        (TEXT.replace("process:", "proces:"), ""),
        (TEXT.replace("exporters: [debug]", "exporters: [otlp]"), ""),
    ],
)
async def test_refuses_a_config_that_would_not_run_and_stores_nothing(database, create, pipelines, text, finding):
    with pytest.raises(ConfigSyntaxError, match=r"mine\.yaml:\d+:\d+: ") as refused:
        await create(text)
    assert refused.value.code == "PIPELINE_INVALID_CONFIG"
    findings = refused.value.details["findings"]
    assert isinstance(findings, list)
    assert any(it["severity"] == "error" and finding in it["code"] for it in findings)
    async with database.read() as session:
        assert await pipelines.pipelines(session) == ()


@pytest.mark.parametrize("name", ["", "Mine", "mine@1", "../mine", "-mine", "x" * 101, "process-topk-v1"])
async def test_refuses_a_name_that_could_be_taken_for_something_else(create, name):
    with pytest.raises(PipelineNameError):
        await create(name=name)


async def test_a_template_is_rendered_and_stored_once_for_each_set_of_parameters(database, pipelines, resolve):
    first = await resolve("process-priority-filter-v1")
    again = await resolve("process-priority-filter-v1")
    other = await resolve("process-priority-filter-v1", interval="30s")
    assert again == first
    assert (first.number, other.number) == (1, 2)
    assert (other.source, other.template, other.parameters) == (
        Source.CATALOGUE,
        "process-priority-filter-v1",
        {"interval": "30s"},
    )
    assert other.text == registry.render("process-priority-filter-v1", {"interval": "30s"}).text
    async with database.read() as session:
        assert await pipelines.find(session, "process-priority-filter-v1@1") == first


async def test_a_parameter_that_does_not_fit_stores_nothing(database, pipelines, resolve):
    with pytest.raises(ParameterRangeError):
        await resolve("process-topk-v1", interval="0s")
    async with database.read() as session:
        assert await pipelines.pipelines(session) == ()


@pytest.mark.parametrize("reference", ["nobody", "mine@2", "mine@0", "mine@x", "", "pv-none", "process-topk-v1@7"])
async def test_a_reference_that_means_nothing_is_not_found(create, resolve, reference):
    await create()
    with pytest.raises(PipelineNotFoundError):
        await resolve(reference)


async def test_a_text_takes_no_parameters(create, resolve):
    await create()
    with pytest.raises(PipelineParametersError):
        await resolve("mine", interval="30s")


async def test_a_template_that_is_not_there_is_told_so(database, pipelines):
    async with database.transaction() as session:
        with pytest.raises(TemplateNotFoundError):
            await pipelines.render(session, "process-topq-v1", None, actor="usr-1", now=NOW)


async def test_shows_what_changed_between_versions(database, create, pipelines):
    await create()
    await create(TEXT.replace("[debug]}", "[debug], processors: []}"))
    async with database.read() as session:
        changed = await pipelines.diff(session, "mine@1", "mine")
        assert await pipelines.diff(session, "mine", "mine@2") == ""
    assert changed.startswith("--- mine@1\n+++ mine@2\n@@")
    assert "\n+service: " in changed
    assert changed.count("No newline") == 2
