"""Operations over HTTP: parts of the request, transactions, who may call, what is said of errors."""

import asyncio
from typing import Any

import pytest
from tests.support.edge.api import READER, UNKNOWN, api_of, client_of
from tests.support.edge.things import THINGS, Nothing, Thing, operation

from phoenix.edge.http.app import ApiLimits, rest_app

pytestmark = pytest.mark.anyio


async def test_takes_a_get_from_path_and_query(things) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        answer = await client.get("/api/v1/things/a-1", params={"detail": "true", "tags": ["x", "y"]})
    assert answer.status_code == 200
    assert answer.json() == {"thing_id": "a-1", "detail": True, "tags": ["x", "y"], "caller": "ada"}


async def test_takes_a_change_from_path_and_body(things) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        answer = await client.patch("/api/v1/things/a-1", json={"name": "new"})
    assert answer.json()["thing_id"] == "a-1"
    assert answer.json()["tags"] == ["new"]


async def test_commits_what_an_operation_wrote(things, names) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        answer = await client.post("/api/v1/things", json={"name": "kept"})
    assert answer.status_code == 201
    assert await names() == ["kept"]


@pytest.mark.parametrize("name", ["refused", "broken"])
async def test_leaves_nothing_of_an_operation_that_raises(things, names, name) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        await client.post("/api/v1/things", json={"name": name})
    assert await names() == []


async def test_tells_an_error_as_a_problem_document(things) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        answer = await client.get("/api/v1/things/missing", headers={"x-request-id": "my-request-1"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == "my-request-1"
    assert answer.json() == {
        "type": "urn:phoenix:error:THING_NOT_FOUND",
        "title": "not found",
        "status": 404,
        "code": "THING_NOT_FOUND",
        "message": "thing missing: there is none",
        "details": {"thing_id": "missing"},
        "user_action": "List the things.",
        "request_id": "my-request-1",
    }


async def test_tells_a_bug_without_what_it_says(things) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        answer = await client.post("/api/v1/things", json={"name": "broken"})
    assert (answer.status_code, answer.json()["code"]) == (500, "BUG")
    assert "42" not in answer.text
    assert answer.json()["request_id"].startswith("req-")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "a", "size": "big"}, "size"),
        ({"name": "a", "colour": "red"}, "colour"),
        ({"name": ""}, "name"),
    ],
)
async def test_names_the_field_that_does_not_fit(things, body: dict[str, Any], field) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        answer = await client.post("/api/v1/things", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "REQUEST_INVALID")
    assert [it["field"] for it in answer.json()["details"]["fields"]] == [field]
    assert field in answer.json()["message"]


async def test_refuses_a_nul_wherever_a_text_goes(things) -> None:
    # SQLite would take it, PostgreSQL would fail.
    async with client_of(api_of(THINGS, database=things)) as client:
        answers = [await client.post("/api/v1/things", json={"name": "a\0b"}), await client.get("/api/v1/things/a%00")]
    for answer, field in zip(answers, ["name", "thing_id"], strict=True):
        assert (answer.status_code, answer.json()["code"]) == (422, "REQUEST_INVALID")
        assert answer.json()["details"]["fields"] == [{"field": field, "problem": "holds a character NUL"}]


async def test_refuses_an_unknown_field_of_a_query(things) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        answer = await client.get("/api/v1/things/a", params={"colour": "red"})
    assert (answer.status_code, answer.json()["code"]) == (422, "REQUEST_INVALID")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"{'name': 1}"])
async def test_refuses_a_body_that_is_not_json(things, body) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        answer = await client.post("/api/v1/things", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST_MALFORMED")


async def test_refuses_a_request_without_a_token(things) -> None:
    async with client_of(api_of(THINGS, database=things), token=None) as client:
        answer = await client.get("/api/v1/things/a")
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTHENTICATION_REQUIRED")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_answers_401_with_the_code_of_whoever_knows_tokens(things) -> None:
    async with client_of(api_of(THINGS, database=things), token=UNKNOWN) as client:
        answer = await client.post("/api/v1/things", content=b"not even json")
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTHENTICATION_EXPIRED")


async def test_refuses_a_caller_without_the_scope(things, names) -> None:
    async with client_of(api_of(THINGS, database=things), token=READER) as client:
        answer = await client.post("/api/v1/things", json={"name": "a"})
    assert (answer.status_code, answer.json()["code"]) == (403, "SCOPE_MISSING")
    assert answer.json()["details"] == {"scope": "things:write"}
    assert await names() == []


async def test_lets_anyone_call_a_public_operation(things) -> None:
    async with client_of(api_of(THINGS, database=things), token=None) as client:
        answer = await client.post("/api/v1/touch")
    assert answer.json()["thing_id"] == "touched"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "ROUTE_NOT_FOUND"),
        ("GET", "/", 404, "ROUTE_NOT_FOUND"),
        ("DELETE", "/api/v1/things", 405, "METHOD_NOT_ALLOWED"),
        ("OPTIONS", "/api/v1/things", 405, "METHOD_NOT_ALLOWED"),
    ],
)
async def test_tells_what_no_route_takes(things, method, path, status, code) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        answer = await client.request(method, path, headers={"origin": "https://elsewhere"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "access-control-allow-origin" not in answer.headers


async def test_gives_up_on_a_call_that_takes_too_long(things) -> None:
    async def hang(_call: Any, _asked: Any) -> Thing:
        await asyncio.sleep(60)
        raise AssertionError

    hanging = operation("things.hang", "POST", "/hang", Nothing, hang)
    api = api_of([hanging], database=things, limits=ApiLimits(request_seconds=0.05))
    async with client_of(api) as client:
        answer = await client.post("/api/v1/hang")
    assert (answer.status_code, answer.json()["code"]) == (503, "REQUEST_TIMEOUT")


async def test_describes_every_operation_in_openapi(things) -> None:
    async with client_of(api_of(THINGS, database=things)) as client:
        document = (await client.get("/api/v1/openapi.json")).json()
    get = document["paths"]["/api/v1/things/{thing_id}"]["get"]
    assert get["operationId"] == "things.get"
    assert {it["name"]: it["in"] for it in get["parameters"]} == {
        "thing_id": "path",
        "detail": "query",
        "tags": "query",
    }
    assert "`THING_NOT_FOUND`" in get["responses"]["404"]["description"]
    assert get["security"] == [{"HTTPBearer": []}]
    body = document["paths"]["/api/v1/things"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["$ref"].endswith("/MakeThing")
    assert "security" not in document["paths"]["/api/v1/touch"]["post"]


async def test_passes_on_what_is_not_http(things) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/api/v1/things", "headers": [], "query_string": b"", "root_path": ""}
    await rest_app(api_of(THINGS, database=things))(scope, receive, send)
    assert sent[0]["type"] == "websocket.close"
