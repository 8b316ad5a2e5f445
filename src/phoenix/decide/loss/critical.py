"""The processes that must stay whatever is saved, and whether they did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from phoenix.decide.loss.pairing import Pairing
from phoenix.decide.loss.process import ProcessKey, process_of
from phoenix.decide.loss.words import process_text
from phoenix.telemetry.processes import ProcessPattern


@dataclass(frozen=True, slots=True)
class Tally:
    """Processes expected and kept, for one pattern."""

    expected: int
    kept: int


@dataclass(frozen=True, slots=True)
class CriticalKept:
    """What became of the critical processes.

    Attributes:
        expected: distinct processes of the input (host, pid, executable name) that a pattern names.
        kept: those the output still knows by pid and name.
        whole: those of which every series is there.
        missing: the others, as people name them, sorted.
        by_pattern: the tally of each pattern, by its text.
    """

    expected: int
    kept: int
    whole: int
    missing: tuple[str, ...]
    by_pattern: Mapping[str, Tally]

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "expected": self.expected,
            "kept": self.kept,
            "whole": self.whole,
            "missing": list(self.missing),
            "by_pattern": {
                text: {"expected": tally.expected, "kept": tally.kept}
                for text, tally in self.by_pattern.items()
                if tally.expected
            },
            "unmatched_patterns": [text for text, tally in self.by_pattern.items() if not tally.expected],
        }


def critical_kept(pairing: Pairing, patterns: Sequence[ProcessPattern]) -> CriticalKept:
    """Return which processes that a pattern names are still in the output.

    A process is kept when the output has its pid and executable name, on the same host unless one side does not say
    which. It is whole when every series it has in the input is paired.
    """
    matched = _matched(pairing, patterns)
    expected = {process for processes in matched.values() for process in processes}
    there = _known(pairing)
    kept = {process for process in expected if any(_same_host(process, other) for other in there.get(process[:2], ()))}
    incomplete = _incomplete(pairing)
    return CriticalKept(
        expected=len(expected),
        kept=len(kept),
        whole=len(kept - incomplete),
        missing=tuple(sorted(_name(process) for process in expected - kept)),
        by_pattern={text: Tally(len(processes), len(processes & kept)) for text, processes in matched.items()},
    )


def _matched(pairing: Pairing, patterns: Sequence[ProcessPattern]) -> dict[str, set[ProcessKey]]:
    matched: dict[str, set[ProcessKey]] = {pattern.text: set() for pattern in patterns}
    for resource in pairing.before.resources.values():
        process = process_of(resource)
        if process is not None:
            for pattern in patterns:
                if pattern.matches(resource):
                    matched[pattern.text].add(process)
    return matched


def _known(pairing: Pairing) -> dict[tuple[object, object], list[ProcessKey]]:
    known: dict[tuple[object, object], list[ProcessKey]] = {}
    for resource in pairing.after.resources.values():
        process = process_of(resource)
        if process is not None:
            known.setdefault(process[:2], []).append(process)
    return known


def _incomplete(pairing: Pairing) -> set[ProcessKey]:
    rows = np.unique(pairing.before.resource[pairing.missing])
    processes = (process_of(pairing.before.resources[int(row)]) for row in rows)
    return {process for process in processes if process is not None}


def _same_host(one: ProcessKey, other: ProcessKey) -> bool:
    return all(
        here is None or there is None or here == there for here, there in zip(one.hosts, other.hosts, strict=True)
    )


def _name(process: ProcessKey) -> str:
    said = {"process.executable.name": process.name, "process.pid": process.pid, "host.name": process.hosts[0]}
    return process_text({key: value for key, value in said.items() if value is not None})
