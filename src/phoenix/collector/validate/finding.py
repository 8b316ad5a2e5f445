"""A finding: what is wrong, how bad, where, and what to do; and the report that collects them.

Each code is declared once, beside the check that finds it, and `registry` lists them for the reference page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from phoenix.collector.config.place import Place


class Severity(StrEnum):
    """How bad: an error refuses the config, a warning does not, an info is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding, declared once.

    Attributes:
        code: public, upper snake, never reused.
        severity: of a finding, unless the check sharpens it.
        meaning: what is wrong and why that matters, for the reference page.
        user_action: the remedy, unless the check sharpens it.
        reads: the parts of the config the check looks at.
    """

    code: str
    severity: Severity
    meaning: str
    user_action: str
    reads: str

    def at(
        self, place: Place, message: str, *, user_action: str | None = None, severity: Severity | None = None
    ) -> "Finding":
        """Return a finding of this kind."""
        return Finding(self.code, severity or self.severity, place, message, user_action or self.user_action)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a config."""

    code: str
    severity: Severity
    place: Place
    message: str
    user_action: str

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "source": self.place.source,
            "line": self.place.line,
            "column": self.place.column,
            "message": self.message,
            "user_action": self.user_action,
        }


@dataclass(frozen=True, slots=True)
class HostNeed:
    """Something only the host can know, so that no check here proves it.

    Attributes:
        kind: `port`, `endpoint`, `file`, `folder` or `environment variable`.
        name: which one, as the config says it.
    """

    kind: str
    name: str
    place: Place

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"kind": self.kind, "name": self.name, "line": self.place.line, "column": self.place.column}


@dataclass(frozen=True, slots=True)
class Report:
    """Everything `validate` found.

    Attributes:
        source: the config's name.
        findings: stage by stage (YAML, structure, references, components, practice, loss, the real binary), in each by
            place.
        host_needs: what only the host can know.
        collector_version: of the binary that checked the config too; None when none did.
    """

    source: str
    findings: tuple[Finding, ...]
    host_needs: tuple[HostNeed, ...] = ()
    collector_version: str | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    def count(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """Return the report for JSON."""
        return {
            "source": self.source,
            "ok": self.ok,
            "collector_version": self.collector_version,
            "findings": [finding.as_dict() for finding in self.findings],
            "only_the_host_knows": [need.as_dict() for need in self.host_needs],
        }


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order of the text, each once."""
    return sorted(dict.fromkeys(findings), key=lambda finding: (finding.place, finding.code, finding.message))


def has_error(findings: Sequence[Finding]) -> bool:
    """Return whether any of them refuses the config."""
    return any(finding.severity is Severity.ERROR for finding in findings)
