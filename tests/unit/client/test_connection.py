"""What a client makes of answers, and of none."""

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from phoenix.client.connection import Connection
from phoenix.client.errors import ApiAddressError, ApiAnswerError, ApiError, ApiTokenError, ApiUnavailableError
from phoenix.core.errors import ErrorKind

PROBLEM = {
    "type": "urn:phoenix:error:HOST_NOT_FOUND",
    "title": "not found",
    "status": 404,
    "code": "HOST_NOT_FOUND",
    "message": "host h: there is none",
    "details": {"host": "h"},
    "user_action": "List the hosts.",
    "request_id": "req-1",
}


class Scripted:
    """A server that gives one answer after another, and keeps what it was asked."""

    def __init__(self, answers: Sequence[httpx.Response | Exception]) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def connection(self, token: str | None = "phx-1") -> Connection:  # noqa: S107 - a test's
        return Connection("http://phoenix:8080/", token, transport=httpx.MockTransport(self), sleep=self.pauses.append)


def busy() -> httpx.Response:
    return httpx.Response(503, json={**PROBLEM, "title": "unavailable", "status": 503, "code": "DATABASE_BUSY"})


def ok() -> httpx.Response:
    return httpx.Response(200, json={"answer": 42})


def test_asks_with_its_token_and_without_what_is_not_given() -> None:
    server = Scripted([ok()])
    assert server.connection().get("/hosts", {"selector": "app=web", "limit": None}) == {"answer": 42}
    assert str(server.asked[0].url) == "http://phoenix:8080/api/v1/hosts?selector=app%3Dweb"
    assert server.asked[0].headers["authorization"] == "Bearer phx-1"


def test_raises_the_servers_error_with_its_code_and_remedy() -> None:
    server = Scripted([httpx.Response(404, json=PROBLEM)])
    with pytest.raises(ApiError) as raised:
        server.connection().get("/hosts/h")
    error = raised.value
    assert (error.kind, error.code, error.status) == (ErrorKind.NOT_FOUND, "HOST_NOT_FOUND", 404)
    assert (error.message, error.user_action) == ("host h: there is none", "List the hosts.")
    assert error.details == {"host": "h", "request_id": "req-1"}
    assert ApiError.code == "API_REFUSED"


def test_asks_again_for_what_may_pass() -> None:
    server = Scripted([httpx.ConnectError("refused"), busy(), ok()])
    assert server.connection().get("/hosts") == {"answer": 42}
    assert len(server.pauses) == 2
    assert all(0 < pause < 2 for pause in server.pauses)


@pytest.mark.parametrize("answer", [busy, lambda: httpx.ConnectError("refused")])
def test_gives_up_after_three_attempts(answer: Callable[[], Any]) -> None:
    server = Scripted([answer() for _ in range(9)])
    with pytest.raises((ApiError, ApiUnavailableError)):
        server.connection().get("/hosts")
    assert len(server.asked) == 3


def test_never_repeats_a_change() -> None:
    server = Scripted([httpx.ReadTimeout("too slow"), ok()])
    with pytest.raises(ApiUnavailableError, match="no answer in time"):
        server.connection().send("POST", "/experiments", {"name": "a"})
    assert len(server.asked) == 1


def test_says_when_there_is_no_server() -> None:
    server = Scripted([httpx.ConnectError("[Errno 111] Connection refused")] * 3)
    with pytest.raises(ApiUnavailableError) as raised:
        server.connection().get("/hosts")
    assert raised.value.code == "API_UNAVAILABLE"
    assert raised.value.message == "http://phoenix:8080: Connection refused"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(404, json={"detail": "Not Found"}),
        httpx.Response(500, json=[1]),
        httpx.Response(400, json={**PROBLEM, "title": "of another kind"}),
    ],
)
def test_knows_that_something_else_answers(answer) -> None:
    with pytest.raises(ApiAnswerError):
        Scripted([answer]).connection().get("/hosts")


@pytest.mark.parametrize("url", ["phoenix", "ftp://phoenix", "http://", "http://phoenix:port"])
def test_refuses_an_address_that_is_none(url) -> None:
    with pytest.raises(ApiAddressError):
        Connection(url, None)


def test_reads_readiness_even_when_it_is_not_ready() -> None:
    server = Scripted([httpx.Response(503, json={"status": "not ready", "checks": {"database": "gone"}})])
    assert server.connection().readiness()["checks"] == {"database": "gone"}


@pytest.mark.parametrize("token", ["phx_adm_a\nb", "phx é", "two words", "a\x00"])
def test_a_token_that_no_header_can_carry_is_told_before_anything_is_asked(token) -> None:
    with pytest.raises(ApiTokenError) as caught:
        Connection("http://127.0.0.1:1", token)
    assert token not in str(caught.value)
