"""The pinned collector is asked about the exact text; what it accepts may be offered, whatever practice says."""

import asyncio
from dataclasses import dataclass

import pytest

from phoenix.collector.validate.binary_check.errors import SandboxUnavailableError
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.control.fleet.checking import BinaryChecker
from phoenix.control.fleet.errors import ConfigRefusedError

pytestmark = pytest.mark.anyio

# Practice would have a memory limiter, a batch and the host's name.
BARE = """\
receivers: {host_metrics: {collection_interval: 10s, scrapers: {process: {}}}}
processors: {filter/x: {error_mode: ignore, metrics: {metric: ['name == "a"']}}}
exporters: {otlp_http/vendor: {endpoint: "${env:VENDOR}"}}
service: {pipelines: {metrics: {receivers: [host_metrics], processors: [filter/x], exporters: [otlp_http/vendor]}}}
"""


@dataclass(frozen=True)
class CountingSandbox(Sandbox):
    """Counts the questions."""

    def validate(self, *arguments):
        self._defaults["asked", str(len(self._defaults))] = {}  # type: ignore[index] # a frozen sandbox's only memory
        return super().validate(*arguments)


@pytest.fixture
def checker(collector_binary):
    return BinaryChecker(Sandbox(collector_binary))


async def test_findings_of_practice_refuse_nothing(checker):
    await checker.check(BARE)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (BARE.replace("filter/x: {error_mode", "filtre/x: {error_mode"), "filtre"),
        (BARE.replace('name == "a"', "name = = a"), "syntax|filter"),
        (BARE.replace("processors: [filter/x]", "processors: [filter/y]"), "filter/y"),
        (BARE.replace("{endpoint:", "{timeout: soon, endpoint:"), "timeout|duration"),
        (BARE.replace("${env:VENDOR}", "${file:/etc/passwd}"), "file provider"),
        ("a: [", "line 2"),
        ("{}", "no exporter"),
        ("receivers: {}\nreceivers: {}\n", "twice|receivers"),
    ],
)
async def test_what_the_collector_could_not_run_is_refused_with_its_findings(checker, wrong, words):
    with pytest.raises(ConfigRefusedError, match=words) as caught:
        await checker.check(wrong)
    assert caught.value.details["findings"]


async def test_the_event_loop_goes_on_and_an_answer_is_remembered(collector_binary):
    sandbox = CountingSandbox(collector_binary)
    checker, beats = BinaryChecker(sandbox), 0

    async def beat():
        nonlocal beats
        while True:
            await asyncio.sleep(0.005)
            beats += 1

    beating = asyncio.create_task(beat())
    await asyncio.gather(*(checker.check(BARE) for _ in range(3)))
    await checker.check(BARE)
    beating.cancel()
    assert beats > 3
    assert len([key for key in sandbox._defaults if key[0] == "asked"]) == 1


async def test_without_a_collector_to_ask_nothing_is_accepted(tmp_path):
    with pytest.raises(SandboxUnavailableError):
        await BinaryChecker(Sandbox(tmp_path / "nothing")).check(BARE)
