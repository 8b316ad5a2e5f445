"""Asks the pinned real collector about the exact text before anything is offered. Never on the event loop.

Errors of syntax, structure, references and of the collector itself refuse a config. Findings of practice and policy do
not: they are advice to the author, told where pipelines are written. One kind of them is kept: a config that would read
files or the network while it is checked is not shown to the collector, and what it has not seen is not offered.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, Protocol

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.errors import ConfigSyntaxError
from phoenix.collector.config.pipelines import ConfigView
from phoenix.collector.validate import text_codes
from phoenix.collector.validate.binary_check.check import ask
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Finding, Severity, by_place
from phoenix.collector.validate.references import check_references
from phoenix.collector.validate.rules import providers
from phoenix.collector.validate.structure import check_structure
from phoenix.control.fleet.errors import ConfigRefusedError

_REMEMBERED: Final = 256


class ConfigChecker(Protocol):
    """Tells whether a config may be offered."""

    async def check(self, text: str) -> None:
        """Return when the collector accepts `text`.

        Raises:
            ConfigRefusedError: it does not; the details hold the findings.
            SandboxUnavailableError: the collector cannot be asked.
        """
        ...


class BinaryChecker:
    """Asks the binary in its sandbox; two at once at most, and never twice about the same text.

    Args:
        sandbox: the pinned binary and its limits.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._turns = asyncio.Semaphore(2)
        self._accepted: OrderedDict[str, None] = OrderedDict()
        self._asked: dict[str, asyncio.Task[None]] = {}

    async def check(self, text: str) -> None:
        """Return when the collector accepts `text`; see `ConfigChecker`."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest in self._accepted:
            return
        asked = self._asked.get(digest)
        if asked is None:
            asked = self._asked[digest] = asyncio.create_task(self._ask(text))
            asked.add_done_callback(lambda _: self._asked.pop(digest, None))
        # One who gives up must not take the answer from the others.
        await asyncio.shield(asked)
        self._accepted[digest] = None
        while len(self._accepted) > _REMEMBERED:
            self._accepted.popitem(last=False)

    async def _ask(self, text: str) -> None:
        async with self._turns:
            refusing = await asyncio.to_thread(refusals, text, self._sandbox)
        if refusing:
            first = refusing[0]
            more = f" and {len(refusing) - 1} more" if len(refusing) > 1 else ""
            raise ConfigRefusedError(
                f"line {first.place.line}: {first.message}{more}", findings=[finding.as_dict() for finding in refusing]
            )


def refusals(text: str, sandbox: Sandbox) -> list[Finding]:
    """Return every finding that keeps `text` from being offered; none when the collector accepts it.

    Raises:
        SandboxUnavailableError: the collector cannot be run.
    """
    source = "config.yaml"
    try:
        document = ConfigDocument.parse(text, source)
    except ConfigSyntaxError as error:
        return [text_codes.finding(error, source)]
    view = ConfigView(document)
    found = _errors(check_structure(document, sandbox.types, types_are_certain=True))
    found = found or _errors(check_references(view, sandbox.types))
    found = found or _errors(providers.check(RuleContext(view, ())))
    return found or _errors(ask(view, sandbox).findings)


def _errors(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in by_place(findings) if finding.severity is Severity.ERROR]
