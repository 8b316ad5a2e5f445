"""Run everything CI runs, suite by suite, and end with a line of time for each.

`./dev test` runs all; `--only NAME` one or more; `--list` says what there is. A suite that fails does not stop the ones
after it, so one run shows everything that is wrong; the exit status is 1 if any failed. Ctrl-C ends the run with the
summary so far. Every suite can be run again by itself.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What is covered is judged once, over all suites.
PYTEST = ("python", "-m", "pytest", "-q", "--cov", "--cov-report=", "--cov-fail-under=0")
# Two at a time: most tests wait for real processes. A file stays together, since it shares what its fixtures start.
TWO = ("-n", "2", "--dist", "loadfile")


@dataclass(frozen=True)
class Suite:
    """A named list of commands that all must exit with 0."""

    name: str
    says: str
    commands: Sequence[Sequence[str]]
    environment: Mapping[str, str] = field(default_factory=dict)


SUITES = (
    Suite(
        "check",
        "format, lint, types, layers, sizes, generated pages and code, change entries",
        (
            ("ruff", "format", "--check", "."),
            ("ruff", "check", "."),
            ("mypy",),
            ("lint-imports",),
            ("python", "tools/check_size.py"),
            ("python", "tools/reference.py", "--check"),
            ("python", "tools/check_changes.py"),
            ("tools/protocol.sh", "--check"),
        ),
    ),
    Suite(
        "unit",
        "pure code and doctests: no sockets, no collector",
        ((*PYTEST, *TWO, "--doctest-modules", "tests/unit", "src"),),
    ),
    Suite(
        "kernels",
        "the compiled kernels as plain Python, with Python's own bounds checks",
        ((*PYTEST, *TWO, "tests/unit/telemetry/codec", "tests/unit/telemetry/jsonlines", "tests/unit/engine"),),
        {"NUMBA_DISABLE_JIT": "1"},
    ),
    Suite("build", "collector, supervisor and replay harness, found or built", (("phoenix", "collector", "build"),)),
    Suite(
        "integration",
        "the real collector, supervisor and databases, real processes",
        ((*PYTEST, *TWO, "tests/integration"),),
    ),
    Suite("faults", "a real server and a real host, broken in every way we know", ((*PYTEST, *TWO, "tests/faults"),)),
    Suite("cli", "the command as a user runs it", ((*PYTEST, *TWO, "tests/cli"),)),
    Suite("e2e", "./dev run on this machine, and the product's goals with their figures", ((*PYTEST, "tests/e2e"),)),
    Suite(
        "coverage",
        "at least 80 % of src, and 95 % of the branches of ottl and engine",
        (
            ("python", "-m", "coverage", "combine"),
            ("python", "-m", "coverage", "report"),
            ("python", "tools/branch_coverage.py", "src/phoenix/ottl/*", "src/phoenix/engine/*", "--fail-under", "95"),
        ),
    ),
)


@dataclass(frozen=True)
class Outcome:
    """How one suite ended."""

    suite: Suite
    seconds: float
    failed: Sequence[str]


def run(suite: Suite) -> Outcome:
    """Run every command of a suite, streaming its output, and say which failed."""
    print(f"\n=== {suite.name}: {suite.says}", flush=True)
    environment = {**os.environ, **suite.environment}
    if suite.name != "coverage":
        environment["COVERAGE_FILE"] = str(ROOT / f".coverage.{suite.name}")
    failed: list[str] = []
    begun = time.monotonic()
    for command in suite.commands:
        print(f"--- {' '.join(command)}", flush=True)
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            failed.append(" ".join(command))
    return Outcome(suite, time.monotonic() - begun, failed)


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return the closing table: a line a suite with its time."""
    width = max(len(outcome.suite.name) for outcome in outcomes)
    lines = [
        f"{outcome.suite.name:<{width}}  {outcome.seconds:7.1f} s  "
        + (f"FAILED: {'; '.join(outcome.failed)}" if outcome.failed else "ok")
        for outcome in outcomes
    ]
    total = sum(outcome.seconds for outcome in outcomes)
    return "\n".join(["", "=== time by suite", *lines, f"{'all':<{width}}  {total:7.1f} s"])


def selected(names: Sequence[str]) -> list[Suite]:
    """Return the suites named, in the order they run; all when none is named."""
    known = {suite.name for suite in SUITES}
    if unknown := set(names) - known:
        sys.exit(f"no suite named {', '.join(sorted(unknown))}; there are {', '.join(suite.name for suite in SUITES)}")
    return [suite for suite in SUITES if not names or suite.name in names]


def main() -> int:
    """Run the suites asked for; return 1 if any failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", action="append", default=[], metavar="SUITE", help="run only this suite (repeatable)")
    parser.add_argument("--list", action="store_true", help="list the suites")
    options = parser.parse_args()
    if options.list:
        print(*(f"{suite.name:<12} {suite.says}" for suite in SUITES), sep="\n")
        return 0
    if not options.only:
        for stale in ROOT.glob(".coverage*"):
            stale.unlink()
    outcomes: list[Outcome] = []
    try:
        outcomes.extend(run(suite) for suite in selected(options.only))
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130
    print(summary(outcomes), flush=True)
    failed = sum(bool(outcome.failed) for outcome in outcomes)
    print(f"\nsuites: {len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
