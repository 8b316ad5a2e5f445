"""Processes in a capture, and the patterns people name them by.

The process scraper puts all of a process's identity in its resource (docs: semantic conventions for processes), so a
process is a resource value, and a pattern is asked once per distinct resource.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import re2

from phoenix.core.errors import InvalidError
from phoenix.telemetry.expressions import ExpressionError, compiled

EXECUTABLE_NAME = "process.executable.name"
PID = "process.pid"

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.:@+-]+")
_ATTRIBUTE_FORM = re.compile(r"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)=(.+)", re.DOTALL)


class ProcessPatternError(InvalidError):
    """A process pattern is empty or its regular expression is not RE2, which the collector uses."""

    code = "PROCESS_PATTERN_INVALID"
    user_action = "Write a name (postgres), an RE2 expression (kube.*), or attribute=expression (process.owner=root)."


@dataclass(frozen=True, slots=True)
class ProcessPattern:
    """A name, a regular expression, or `attribute=expression`; it must match the whole attribute.

    Attributes:
        text: as the user wrote it.
        attribute: the resource attribute looked at; `process.executable.name` unless named.
        expression: RE2 without anchors, as the collector's `IsMatch` will get it inside `^(?:...)$`.
    """

    text: str
    attribute: str
    expression: str

    @classmethod
    def parse(cls, text: str) -> Self:
        r"""Return the pattern that `text` says.

        >>> ProcessPattern.parse("redis-server").expression
        'redis\\-server'
        >>> ProcessPattern.parse("process.owner=root|postgres").attribute
        'process.owner'

        Raises:
            ProcessPatternError: empty, or not RE2.
        """
        text = text.strip()
        form = _ATTRIBUTE_FORM.fullmatch(text)
        attribute, expression = (form[1], form[2]) if form else (EXECUTABLE_NAME, text)
        if not expression:
            raise ProcessPatternError("a process pattern is empty")
        if _PLAIN_NAME.fullmatch(expression):
            expression = re2.escape(expression)
        try:
            compiled(expression)
        except ExpressionError as error:
            raise ProcessPatternError(f"{text!r} is not an RE2 expression: {error}") from error
        return cls(text, attribute, expression)

    def matches(self, resource: Mapping[str, object]) -> bool:
        """Return whether a resource with these attributes is a process this pattern names."""
        value = resource.get(self.attribute)
        return isinstance(value, str) and compiled(self.expression).fullmatch(value) is not None
