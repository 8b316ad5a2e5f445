"""`/livez`, `/readyz` and `/metrics`: for whatever watches the process. They need no token and tell no secret."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

# Returns what is wrong, or None when nothing is.
Check = Callable[[], Awaitable[str | None]]

_CHECK_SECONDS: Final = 3.0

_log = structlog.get_logger(__name__)


def add_health(app: FastAPI, checks: Mapping[str, Check], registry: CollectorRegistry) -> None:
    """Add the three paths.

    Args:
        app: gets them.
        checks: what must be well before the server takes requests, by name.
        registry: the metrics to show.
    """

    async def livez(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        found = dict(zip(checks, await asyncio.gather(*map(_asked, checks.values())), strict=True))
        ready = not any(found.values())
        document = {
            "status": "ok" if ready else "not ready",
            "checks": {name: it or "ok" for name, it in found.items()},
        }
        return JSONResponse(document, 200 if ready else 503)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    for path, answer in (("/livez", livez), ("/readyz", readyz), ("/metrics", metrics)):
        app.add_route(path, answer, methods=["GET"])


async def _asked(check: Check) -> str | None:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer within {_CHECK_SECONDS:g} s"
    except Exception as error:  # noqa: BLE001 - whatever a check raises, the server is not ready
        _log.warning("check failed", error=repr(error))
        return type(error).__name__
