"""One server from start to end: what is taken in which order, and given back in the opposite one."""

import asyncio
import contextlib
import os

import structlog

from phoenix.core.clock import Clock, SystemClock
from phoenix.server.app import Application, Place, application
from phoenix.server.folder import data_folder
from phoenix.server.parent import Parent
from phoenix.server.ports.connections import WebServer, web_server
from phoenix.server.ports.listening import listen, tls_of, url_of
from phoenix.server.stopping import Stop
from phoenix.settings.model import Settings

_log = structlog.get_logger(__name__)


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
