"""Speaking HTTP with the server: time limits, retries of what may be asked twice, problems raised as errors."""

import random
import re
import ssl
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, Self

import httpx

from phoenix.client.errors import (
    ApiAddressError,
    ApiAnswerError,
    ApiCertificateError,
    ApiError,
    ApiTokenError,
    ApiUnavailableError,
)
from phoenix.core.errors import PhoenixError

PREFIX: Final = "/api/v1"
_ATTEMPTS: Final = 3
_FIRST_PAUSE_SECONDS: Final = 0.2
# The server may hold a request that long: a config is tried on the real collector.
_ANSWER_SECONDS: Final = 90.0
_CONNECT_SECONDS: Final = 5.0
_TRY_AGAIN: Final = frozenset({502, 503, 504})
_REFUSALS: Final = 400

Document = dict[str, Any]


class Connection:
    """A connection to one server."""

    def __init__(
        self,
        url: str,
        token: str | None,
        *,
        transport: httpx.BaseTransport | None = None,
        ca: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open nothing yet.

        Args:
            url: of the server.
            token: shown with every request.
            transport: instead of the network, for tests.
            ca: file of the authority that signed the server's certificate, where it is a private one.
            sleep: between two attempts.

        Raises:
            ApiAddressError: `url` is no such address, or `ca` is no certificate.
            ApiTokenError: `token` cannot be written into a header.
        """
        if token and not re.fullmatch(r"[!-~]+", token):
            raise ApiTokenError("the token holds spaces, line breaks or letters beyond ASCII")
        self.url = url.rstrip("/")
        self._sleep = sleep
        headers = {"accept": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
        try:
            verify = ssl.create_default_context(cafile=ca) if ca else True
            parsed = httpx.URL(self.url)
        except (httpx.InvalidURL, OSError) as error:
            raise ApiAddressError(f"{url}: {error}", url=url) from error
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            raise ApiAddressError(f"{url}: not an http:// or https:// address", url=url)
        # Proxies of the environment are for the internet; a server on this machine must not go through one.
        self._http = httpx.Client(
            base_url=self.url,
            headers=headers,
            transport=transport,
            verify=verify,
            trust_env=not _is_local(parsed.host),
            timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS),
        )

    def __enter__(self) -> Self:
        """Give the connection, closed afterwards."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close every socket. Safe to call twice."""
        self._http.close()

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Document:
        """Return what is at a path below /api/v1; asked up to three times.

        Raises:
            ApiError: the server refuses.
            ApiUnavailableError: it cannot be reached or does not answer in time.
            ApiCertificateError: its certificate is not trusted.
            ApiAnswerError: whatever answers is no Phoenix server.
        """
        given = {name: value for name, value in (query or {}).items() if value is not None}
        return self._patiently("GET", PREFIX + path, params=given)

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Document:
        """Return the answer to a change, asked once; raises as `get` does."""
        return self._once(method, PREFIX + path, json=dict(body or {}))

    def readiness(self) -> Document:
        """Return what `/readyz` says, ready or not; raises as `get` does."""
        return self._answered("GET", "/readyz")[1]

    def _patiently(self, method: str, path: str, **more: Any) -> Document:
        for attempt in range(1, _ATTEMPTS):
            try:
                return self._once(method, path, **more)
            except ApiUnavailableError:
                pass
            except ApiError as error:
                if error.status not in _TRY_AGAIN:
                    raise
            self._sleep(_FIRST_PAUSE_SECONDS * 2**attempt * (0.5 + random.random()))  # noqa: S311 - spreads load
        return self._once(method, path, **more)

    def _once(self, method: str, path: str, **more: Any) -> Document:
        status, document = self._answered(method, path, **more)
        if status < _REFUSALS:
            return document
        try:
            raise ApiError.from_problem(document, status)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise self._not_phoenix(status) from error

    def _answered(self, method: str, path: str, **more: Any) -> tuple[int, Document]:
        try:
            answer = self._http.request(method, path, **more)
        except httpx.TimeoutException as error:
            raise ApiUnavailableError(f"{self.url}: no answer in time", url=self.url) from error
        except httpx.TransportError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise ApiCertificateError(f"{self.url}: {_reason(error)}", url=self.url) from error
            raise ApiUnavailableError(f"{self.url}: {_reason(error)}", url=self.url) from error
        try:
            document = answer.json()
        except ValueError as error:
            raise self._not_phoenix(answer.status_code) from error
        if not isinstance(document, dict):
            raise self._not_phoenix(answer.status_code)
        return answer.status_code, document

    def _not_phoenix(self, status: int) -> PhoenixError:
        return ApiAnswerError(f"{self.url}: answers {status}, and not as Phoenix does", status=status)


def _is_local(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}


def _reason(error: httpx.TransportError) -> str:
    """Return why, in the system's words where it has some."""
    return str(error).removeprefix("[Errno 111] ") or type(error).__name__
