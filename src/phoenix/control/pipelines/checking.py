"""Whether a config may become a version: asked of the validation service, which asks the real collector.

That takes a tenth of a second and more, so it runs in a thread, and before a caller's first statement: on SQLite others
wait for a transaction that has begun.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

from phoenix.collector.config.errors import ConfigSyntaxError
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.collector.validate.finding import Report, Severity
from phoenix.collector.validate.service import validate
from phoenix.control.pipelines.model import Draft
from phoenix.engine.checking import check_processors
from phoenix.telemetry.processes import ProcessPattern

_AT_ONCE: Final = 2
_REMEMBERED: Final = 256


class Checker:
    """Checks configs, each text once while it is remembered."""

    def __init__(self, sandbox: Sandbox | None, critical: Sequence[ProcessPattern] = ()) -> None:
        """Take the collector to ask, and the processes that no filter may drop."""
        self._sandbox = sandbox
        self._critical = tuple(critical)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._reports: OrderedDict[str, dict[str, Any]] = OrderedDict()

    async def check(self, draft: Draft, source: str) -> dict[str, Any]:
        """Return the report of a sound config.

        Args:
            draft: the config.
            source: what its findings call it.

        Raises:
            ConfigSyntaxError: it has errors; the findings say where.
            SandboxUnavailableError: the collector cannot be run.
        """
        key = f"{source} {draft.digest}"
        if key not in self._reports:
            async with self._slots:
                report = await asyncio.to_thread(
                    validate,
                    draft.text,
                    source,
                    sandbox=self._sandbox,
                    critical=self._critical,
                    checks=(check_processors,),
                )
            if not report.ok:
                raise _refusal(report)
            self._reports[key] = report.as_dict()
            if len(self._reports) > _REMEMBERED:
                self._reports.popitem(last=False)
        return self._reports[key]


def _refusal(report: Report) -> ConfigSyntaxError:
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    first = errors[0]
    more = f", and {len(errors) - 1} more" if errors[1:] else ""
    return ConfigSyntaxError(
        f"{report.source}:{first.place.line}:{first.place.column}: {first.message}{more}",
        findings=[finding.as_dict() for finding in report.findings],
    )
