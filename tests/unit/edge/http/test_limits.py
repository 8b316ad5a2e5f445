"""What the API bears: bodies, how fast they come, how often one caller asks; and the headers of every answer."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.support.edge.api import READER, TOKEN, UNKNOWN, api_of, client_of
from tests.support.edge.things import THINGS

from phoenix.edge.http.app import ApiLimits

pytestmark = pytest.mark.anyio


async def test_refuses_a_body_that_says_it_is_too_large(things, names) -> None:
    async with client_of(api_of(THINGS, database=things, limits=ApiLimits(max_body_bytes=100))) as client:
        answer = await client.post("/api/v1/things", json={"name": "a" * 200})
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")
    assert answer.headers["connection"] == "close"
    assert await names() == []


async def test_refuses_a_body_that_turns_out_too_large(things) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b" " * 50

    headers = {"content-type": "application/json"}
    async with client_of(api_of(THINGS, database=things, limits=ApiLimits(max_body_bytes=100))) as client:
        answer = await client.post("/api/v1/things", content=chunks(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")


async def test_refuses_a_body_that_drips(things) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" "
            await asyncio.sleep(0.02)

    headers = {"content-type": "application/json"}
    async with client_of(api_of(THINGS, database=things, limits=ApiLimits(body_seconds=0.1))) as client:
        answer = await client.post("/api/v1/things", content=drip(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (408, "BODY_TOO_SLOW")


async def test_bounds_how_often_one_principal_asks(things) -> None:
    api = api_of(THINGS, database=things, limits=ApiLimits(requests_per_minute=3))
    async with client_of(api) as client:
        answers = [await client.get("/api/v1/things/a") for _ in range(4)]
        other = await client.get("/api/v1/things/a", headers={"authorization": f"Bearer {READER}"})
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["code"] == "RATE_LIMITED"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert other.status_code == 200


async def test_bounds_how_often_an_address_guesses_tokens_and_shuts_nobody_out(things) -> None:
    api = api_of(THINGS, database=things, limits=ApiLimits(refusals_per_minute=2))
    async with client_of(api, token=UNKNOWN) as client:
        answers = [await client.get("/api/v1/things/a") for _ in range(3)]
        right = await client.get("/api/v1/things/a", headers={"authorization": f"Bearer {TOKEN}"})
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert "refused tokens" in answers[-1].json()["message"]
    # Behind a proxy every caller has this address.
    assert right.status_code == 200


async def test_redirects_nowhere(things) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        answer = await client.get("/api/v1/things/", headers={"host": "elsewhere.example"})
    assert (answer.status_code, "location" in answer.headers) == (404, False)


@pytest.mark.parametrize("method", ["OPTIONS", "GET"])
async def test_no_other_site_may_read_answers(things, method) -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    async with client_of(api_of(THINGS, database=things)) as client:
        answer = await client.request(method, "/api/v1/things/a", headers=asked)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("path", ["/api/v1/things/a", "/api/v1/nothing", "/livez"])
async def test_every_answer_carries_its_id_and_the_security_headers(things, path) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        headers = (await client.get(path)).headers
    assert headers["x-request-id"].startswith("req-")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("given", ["short", "a" * 65, "new\tline-123", "<script>alert(1)"])
async def test_takes_no_request_id_that_is_unfit_for_a_log(things, given) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        answer = await client.get("/livez", headers={"x-request-id": given})
    assert answer.headers["x-request-id"].startswith("req-")
