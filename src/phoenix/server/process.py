"""One server from start to end: what is taken in which order, and given back in the opposite one."""

import asyncio
import contextlib
import gc
import os
from typing import Final

import structlog

from phoenix.core.clock import Clock, SystemClock
from phoenix.server.app import Application, Place, application
from phoenix.server.folder import data_folder
from phoenix.server.parent import Parent
from phoenix.server.ports.connections import WebServer, web_server
from phoenix.server.ports.listening import listen, tls_of, url_of
from phoenix.server.stopping import Stop
from phoenix.settings.model import Settings

# New objects before the youngest are searched, and how many such searches before the older and the oldest are.
_GARBAGE_THRESHOLDS: Final = (5_000, 10, 100)

_log = structlog.get_logger(__name__)


def collect_rarely() -> None:
    """Let the search for garbage in cycles stop this process rarely.

    A full search looks at every object, the connections of all hosts too: half a second with two thousand of them, and
    Python's own thresholds begin one for every few hundred hosts that connect or are offered a config. What the process
    has loaded by now is never garbage and is looked at no more.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE_THRESHOLDS)


async def serve(settings: Settings, parent: Parent, *, clock: Clock | None = None) -> None:
    """Serve until a signal comes or the parent ends.

    Raises:
        PhoenixError: it cannot start; nothing is left behind.
    """
    own = settings.server
    tls = tls_of(own)
    stop = Stop()
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(stop.on_signals())
        parent.when_gone(stop.ask)
        folder = stack.enter_context(data_folder(own.data_dir))
        listener = stack.enter_context(contextlib.closing(listen(own.host, own.port, "server.port")))
        url = url_of(own, listener, tls)
        folder.announce(url)
        place = Place(folder, url, tls)
        app = await stack.enter_async_context(application(settings, place, clock or SystemClock()))
        web = web_server(app.web, tls=tls, head_seconds=own.header_timeout, shutdown_seconds=own.shutdown_timeout)
        stop.when_asked_again(lambda: web.stop(at_once=True))
        serving = asyncio.create_task(web.serve(sockets=[listener]), name="web")
        await web.serving.wait()
        collect_rarely()
        facts = {"url": url, "pid": os.getpid(), "data_dir": str(folder.path), **app.facts}
        _log.info("serving", **{name: value for name, value in facts.items() if name != "admin_token"})
        parent.tell_ready(facts)
        await _until_asked(stop, app, web, serving)


async def _until_asked(stop: Stop, app: Application, web: WebServer, serving: asyncio.Task[None]) -> None:
    asked = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([asked, serving], return_when=asyncio.FIRST_COMPLETED)
        _log.info("stopping")
    finally:
        asked.cancel()
        await app.drain()
        web.stop()
        await serving
