"""Every error class that Phoenix has is told over HTTP by its own code and a status of the table."""

from typing import Any

import pytest
from tests.support.edge.api import api_of, client_of
from tests.support.edge.things import Nothing, Thing, operation
from tools.reference import error_classes

from phoenix.core.errors import ErrorKind, PhoenixError
from phoenix.edge.http.problems import STATUS_OF_KIND, status_of

pytestmark = pytest.mark.anyio


def test_every_kind_has_a_status() -> None:
    assert STATUS_OF_KIND.keys() == set(ErrorKind)


def test_a_code_is_the_code_of_one_error_only() -> None:
    owners: dict[str, list[str]] = {}
    for error in error_classes():
        if "code" in vars(error):
            owners.setdefault(error.code, []).append(f"{error.__module__}.{error.__name__}")
    assert {code: names for code, names in owners.items() if len(names) > 1} == {}


async def test_every_error_shows_its_code_and_status(things) -> None:
    classes = error_classes()
    raised: list[PhoenixError] = []

    async def fail(_call: Any, _asked: Any) -> Thing:
        raise raised[-1]

    failing = operation("things.fail", "GET", "/fail", Nothing, fail)
    async with client_of(api_of([failing], database=things)) as client:
        for error in classes:
            raised.append(told := error.__new__(error))
            PhoenixError.__init__(told, "what is wrong", place="here", odd=object())
            answer = await client.get("/api/v1/fail")
            document = answer.json()
            assert answer.status_code == document["status"] == status_of(told), error
            assert (document["code"], document["message"]) == (error.code, "what is wrong"), error
            assert document["user_action"] == error.user_action, error
            assert document["details"]["place"] == "here", error
            assert 400 <= answer.status_code < 600
