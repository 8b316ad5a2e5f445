"""One port, several apps: what a path begins with decides who answers."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send


class Dispatcher:
    """An ASGI app that hands each request to another."""

    def __init__(self, prefixes: Mapping[str, ASGIApp], otherwise: ASGIApp) -> None:
        """Take the apps.

        Args:
            prefixes: by the path they answer. One that ends in a slash answers all below it, another only itself.
            otherwise: answers the rest.
        """
        self._exact = {path: app for path, app in prefixes.items() if not path.endswith("/")}
        self._below = [(path, app) for path, app in prefixes.items() if path.endswith("/")]
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or connection."""
        await self._app(scope["path"])(scope, receive, send)

    def _app(self, path: str) -> ASGIApp:
        if path in self._exact:
            return self._exact[path]
        return next((app for prefix, app in self._below if path.startswith(prefix)), self._otherwise)
