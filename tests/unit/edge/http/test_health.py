"""What watches the process sees."""

import asyncio

import pytest
from tests.support.edge.api import api_of, client_of
from tests.support.edge.things import THINGS

pytestmark = pytest.mark.anyio


async def well() -> str | None:
    return None


async def ill() -> str | None:
    return "not yet"


async def broken() -> str | None:
    raise ConnectionRefusedError("postgresql://user:password@host")


async def test_is_alive_without_a_token(things) -> None:
    async with client_of(api_of(THINGS, database=things, checks={"database": broken}), token=None) as client:
        answer = await client.get("/livez")
    assert answer.status_code == 200


async def test_is_ready_when_every_check_is_well(things) -> None:
    async with client_of(api_of(THINGS, database=things, checks={"database": well, "ingest": well})) as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (200, {"database": "ok", "ingest": "ok"})


async def test_names_what_is_not_ready_and_leaks_nothing(things) -> None:
    checks = {"database": broken, "migrations": ill, "ingest": well}
    async with client_of(api_of(THINGS, database=things, checks=checks)) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ConnectionRefusedError", "migrations": "not yet", "ingest": "ok"}


async def test_does_not_wait_for_a_check_that_hangs(things, monkeypatch) -> None:
    async def hang() -> str | None:
        await asyncio.sleep(60)
        return None

    monkeypatch.setattr("phoenix.edge.http.health._CHECK_SECONDS", 0.05)
    async with client_of(api_of(THINGS, database=things, checks={"database": hang})) as client:
        answer = await client.get("/readyz")
    assert answer.json()["checks"] == {"database": "no answer within 0.05 s"}


async def test_counts_and_times_requests_by_operation(things) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        await client.get("/api/v1/things/a")
        await client.get("/api/v1/things/missing")
        await client.get("/api/v1/made-up-by-the-caller")
        text = (await client.get("/metrics")).text
    assert 'phoenix_api_requests_total{method="GET",operation="things.get",status="200"} 1.0' in text
    assert 'phoenix_api_requests_total{method="GET",operation="things.get",status="404"} 1.0' in text
    assert 'phoenix_api_request_duration_seconds_count{operation="things.get"} 2.0' in text
    assert "made-up" not in text
