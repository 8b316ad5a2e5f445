"""Findings of a report, less what a config openly declares to drop or fold: that is told of every sound one too."""

from collections.abc import Iterable

from phoenix.collector.validate.finding import Finding
from phoenix.collector.validate.loss.declared import CODES

_DECLARED = frozenset(code.code for code in CODES)
# What else is told of a template of ours, as a remark: this one forgets, by conditions, when some processes began.
REMARKS = {"process-intelligent-v1": ["START_TIMES_LOST"]}


def beyond_declared(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that tell of anything else."""
    return [finding for finding in findings if finding.code not in _DECLARED]
