"""The app under uvicorn, on a port of its own, in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from phoenix.edge.opamp.app import OpampApp


@asynccontextmanager
async def serving(app: OpampApp, port: int = 0) -> AsyncIterator[int]:
    """Serve an app as the product does and yield the port."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, ws="websockets-sansio", interface="asgi3", lifespan="off",
        log_level="critical", ws_max_size=16 * 1024 * 1024, timeout_graceful_shutdown=5,
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.005)
        if task.done():
            task.result()
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        await app.close()
        server.should_exit = True
        await task
