import pytest

from phoenix.edge.opamp.agents import Offer
from phoenix.edge.opamp.errors import OfferEmptyError
from phoenix.edge.opamp.offers import OfferCheck, holds_pipelines

GOOD = "service: {pipelines: {metrics: {receivers: [otlp]}}}"


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.mark.parametrize(
    "text",
    ["", "{}", "# nothing", "service:", "service: {pipelines: }", "service: {pipelines: {}}", "a:\n\t- b", "[]",
     "service: {pipelines: {metrics: }}", "service: {pipelines: [metrics]}", "a: 1\n---\nb: 2"],
)  # fmt: skip
def test_finds_no_pipeline(text):
    assert not holds_pipelines(text)


def test_finds_a_pipeline():
    assert holds_pipelines(GOOD)


@pytest.mark.anyio
async def test_reads_a_long_text_once_and_refuses_by_content_not_by_length():
    check = OfferCheck()
    long = GOOD + "\n" + "# remark\n" * 10_000
    await check.pass_(Offer(long, "aa"))
    # Known by its digest.
    await check.pass_(Offer("", "aa"))
    with pytest.raises(OfferEmptyError, match="config bb"):
        await check.pass_(Offer("# remark\n" * 10_000, "bb"))
    for number in range(2000):
        await check.pass_(Offer(GOOD, f"{number:x}"))
    assert len(check._passed) == 1024
