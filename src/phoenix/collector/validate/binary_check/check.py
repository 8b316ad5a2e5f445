"""Asks the real binary about a config, and takes into account what stood in for the host."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from phoenix.collector.config.expansion import Expansion, expansions
from phoenix.collector.config.pipelines import ConfigView
from phoenix.collector.validate.binary_check import codes, stand_ins
from phoenix.collector.validate.binary_check.ignored_keys import ignored_keys
from phoenix.collector.validate.binary_check.messages import Refusal, read_refusals
from phoenix.collector.validate.binary_check.sandbox import Killed, Outcome, Sandbox
from phoenix.collector.validate.finding import Finding, HostNeed, Severity

MAX_RUNS: Final = 4
_MISSING_PATH: Final = re.compile(r"\bstat (?P<path>\S+): no such file or directory|open (?P<open>\S+): no such file")
_WANTED: Final = (
    (re.compile(r"expected type '(?:u?int|float)|strconv|parsing|number"), "10"),
    (re.compile(r"expected type 'bool'"), "true"),
    (re.compile(r"time: "), "30s"),
    (re.compile(r"URL|url|scheme|missing port|endpoint"), "http://127.0.0.1:4318"),
)


@dataclass(frozen=True, slots=True)
class BinaryAnswer:
    """What the binary found, and what it could not know."""

    findings: tuple[Finding, ...]
    host_needs: tuple[HostNeed, ...]


def ask(view: ConfigView, sandbox: Sandbox) -> BinaryAnswer:
    """Return what the binary's own `validate` finds.

    A placeholder that has the wrong type for its place is replaced and the binary asked again; what is then still about
    a placeholder is a warning, since only the host knows the value.

    Raises:
        SandboxUnavailableError: the binary cannot be run.
    """
    environment = stand_ins.environment(view)
    needs = stand_ins.host_needs(view)
    folders = stand_ins.folders(view)
    for _ in range(MAX_RUNS):
        outcome = sandbox.validate(view.document.text, folders, environment)
        if (stopped := _stopped(view, sandbox, outcome)) is not None:
            return BinaryAnswer((stopped,), needs)
        if outcome.status == 0:
            effective = sandbox.effective(view.document.text, folders, environment)
            return BinaryAnswer(tuple(ignored_keys(view, effective)), needs)
        refusals = read_refusals(view.document, outcome.errors, sandbox.defaults)
        corrected = {**environment, **_better(view, refusals)}
        if corrected == environment:
            break
        environment = corrected
    return _answer(view, refusals, needs)


def _stopped(view: ConfigView, sandbox: Sandbox, outcome: Outcome) -> Finding | None:
    """Return the finding for a run that did not end by itself, or crashed."""
    start = view.document.locate(())
    if outcome.killed is Killed.TIME:
        return codes.TOO_SLOW.at(start, f"the collector had not checked this in {sandbox.time_limit_seconds:g} s")
    if outcome.killed is Killed.MEMORY:
        used = f"{outcome.peak_bytes / (1 << 20):,.0f} MiB"
        return codes.TOO_LARGE.at(start, f"the collector used {used} of memory while checking this")
    panic = re.search(r"^(?:panic|fatal error|runtime): .*$", outcome.errors, re.MULTILINE)
    if panic or outcome.status < 0:
        what = panic[0] if panic else f"signal {-outcome.status}"
        return codes.CRASHED.at(start, f"the collector crashed while checking this: {what}")
    return None


def _answer(view: ConfigView, refusals: Sequence[Refusal], needs: tuple[HostNeed, ...]) -> BinaryAnswer:
    findings = []
    more = []
    for refusal in refusals:
        missing = _MISSING_PATH.search(refusal.raw)
        if missing:
            path = missing["path"] or missing["open"]
            more.append(HostNeed("file or folder", path, refusal.finding.place))
            continue
        asked = _placeholder(view, refusal)
        if asked:
            message = f"{refusal.finding.message} (checked with a placeholder for {asked.name})"
            action = f"Make sure that {asked.name} has a fitting value on every host."
            softened = replace(refusal.finding, severity=Severity.WARNING, message=message, user_action=action)
            findings.append(softened)
        else:
            findings.append(refusal.finding)
    return BinaryAnswer(tuple(findings), (*needs, *more))


def _placeholder(view: ConfigView, refusal: Refusal) -> Expansion | None:
    """Return the variable without a default that the refused value holds, if it holds one."""
    if refusal.finding.code == codes.UNRESOLVED.code:
        return None
    asked = [found for found in expansions(view.document) if found.scheme == "env" and found.default is None]
    exact = next((found for found in asked if found.path == refusal.path), None)
    if exact or stand_ins.PLACEHOLDER not in refusal.raw:
        return exact
    return next((found for found in asked if found.path[: len(refusal.path)] == refusal.path), None)


def _better(view: ConfigView, refusals: Sequence[Refusal]) -> dict[str, str]:
    """Return placeholders of the type the binary asked for."""
    found = {}
    for refusal in refusals:
        asked = _placeholder(view, refusal)
        wanted = next((value for pattern, value in _WANTED if pattern.search(refusal.raw)), None)
        if asked and wanted:
            found[asked.name] = wanted
    return found
