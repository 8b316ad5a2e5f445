"""The log: one line an event on standard error, for people or as JSON, of Phoenix and of the libraries alike."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

from phoenix.settings.log_format import LogFormat

# What libraries say below this is of no use to an operator.
_QUIET: Final = {
    "uvicorn": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "alembic": logging.WARNING,
    "httpx": logging.WARNING,
}

_TRACEBACKS: Final = frozenset({"exception", "stack"})
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def write_logs(form: LogFormat) -> None:
    """Send everything that is logged in this process to standard error, from now on."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_ending(form)],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)


def _written_out(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Write out control characters: what callers send, such as a path, must not steer the terminal of a reader."""
    for name, value in event.items():
        if isinstance(value, str) and name not in _TRACEBACKS:
            event[name] = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", value)
    return event


def _ending(form: LogFormat) -> list[Any]:
    if form is LogFormat.JSON:
        return [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    # Plain tracebacks: rich ones print local variables, which may be secrets.
    plain = structlog.dev.plain_traceback
    return [_written_out, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
