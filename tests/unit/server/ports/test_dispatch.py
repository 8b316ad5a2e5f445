"""Who answers a path."""

from typing import Any

import pytest

from phoenix.server.ports.dispatch import Dispatcher

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("/v1/opamp", "opamp"),
        ("/v1/opamp/more", "rest"),
        ("/otlp/own/v1/metrics", "otlp"),
        ("/otlp", "rest"),
        ("/api/v1/hosts", "rest"),
        ("/", "rest"),
    ],
)
async def test_hands_a_path_to_its_app(path, answers) -> None:
    asked: list[str] = []

    def app(name: str) -> Any:
        async def answer(*_: Any) -> None:
            asked.append(name)

        return answer

    dispatcher = Dispatcher({"/v1/opamp": app("opamp"), "/otlp/": app("otlp")}, app("rest"))
    await dispatcher({"type": "http", "path": path}, None, None)  # type: ignore[arg-type] # nothing is received or sent
    assert asked == [answers]
