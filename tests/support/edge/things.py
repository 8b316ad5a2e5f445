"""Operations on things: what an API does that has no feature behind it."""

from typing import Any

from pydantic import Field
from sqlalchemy import text

from phoenix.core.errors import NotFoundError
from phoenix.edge.operation import Call, Operation, Schema


class ThingNotFoundError(NotFoundError):
    code = "THING_NOT_FOUND"
    user_action = "List the things."


class GetThing(Schema):
    thing_id: str
    detail: bool = False
    tags: list[str] = Field(default_factory=list)


class Thing(Schema):
    thing_id: str
    detail: bool = False
    tags: list[str] = Field(default_factory=list)
    caller: str = ""


class MakeThing(Schema):
    name: str = Field(min_length=1)
    size: int = 1


class RenameThing(Schema):
    thing_id: str
    name: str


class Nothing(Schema):
    pass


async def get_thing(call: Call, asked: GetThing) -> Thing:
    if asked.thing_id == "missing":
        raise ThingNotFoundError("thing missing: there is none", thing_id=asked.thing_id)
    return Thing(thing_id=asked.thing_id, detail=asked.detail, tags=asked.tags, caller=call.principal.name)


async def make_thing(call: Call, asked: MakeThing) -> Thing:
    await call.session.execute(text("INSERT INTO things VALUES (:name)"), {"name": asked.name})
    if asked.name == "broken":
        raise ZeroDivisionError("the secret is 42")
    if asked.name == "refused":
        raise ThingNotFoundError("refused")
    return Thing(thing_id=asked.name)


async def rename_thing(_call: Call, asked: RenameThing) -> Thing:
    return Thing(thing_id=asked.thing_id, tags=[asked.name])


async def touch(_call: Call, _asked: Nothing) -> Thing:
    return Thing(thing_id="touched")


def operation(name: str, method: Any, path: str, request: Any, call: Any, **more: Any) -> Operation:
    scope = more.pop("scope", "things:read" if method == "GET" else "things:write")
    return Operation(name, f"Do {name}.", method, path, scope, request, more.pop("response", Thing), call, **more)


THINGS = (
    operation("things.get", "GET", "/things/{thing_id}", GetThing, get_thing, errors=(ThingNotFoundError,)),
    operation("things.make", "POST", "/things", MakeThing, make_thing, status=201),
    operation("things.rename", "PATCH", "/things/{thing_id}", RenameThing, rename_thing),
    operation("things.touch", "POST", "/touch", Nothing, touch, public=True),
)
