"""Our own checks and the real collector agree on every processor in scope: what is accepted, what refused, and where.

The cases are beside, a file a component: fragments of YAML below a line that names each and says what becomes of it. A
`«` in a fragment marks the character that a finding must point at; it is taken out before anyone reads the config. The
collector's own service answers in milliseconds in the harness, which is asked about everything but whole configs.
"""

import re
import textwrap
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import ConfigRefusedError
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.collector.validate.component_codes import OTTL_INVALID
from phoenix.collector.validate.finding import Finding, Severity
from phoenix.collector.validate.loss.registry import CODES as LOSS
from phoenix.collector.validate.rules import CODES as PRACTICE
from phoenix.collector.validate.service import validate
from phoenix.engine.checking import check_processors
from phoenix.telemetry.codec import decode

MARK = "«"
HEADING = re.compile(r"^# (?P<verdict>accepted|refused): (?P<name>.*)\n", re.MULTILINE)
WHOLE = "whole"
PRACTICE_CODES = {code.code for code in (*PRACTICE, *LOSS)}


@dataclass(frozen=True)
class Case:
    """One config.

    Attributes:
        name: component and what is tried.
        text: the config, without the mark.
        accepted: by the collector, as the file says.
        marked: line and column of the mark, if there is one.
        whole: the fragment was a config of its own.
    """

    name: str
    text: str
    accepted: bool
    marked: tuple[int, int] | None
    whole: bool


def cases_of(file: Path) -> list[Case]:
    parts = HEADING.split(file.read_text(encoding="utf-8"))[1:]
    return [case(file.stem, *parts[index : index + 3]) for index in range(0, len(parts), 3)]


def case(component: str, verdict: str, name: str, fragment: str) -> Case:
    text = fragment if component == WHOLE else config(component, fragment)
    at = text.find(MARK)
    marked = None if at < 0 else (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
    assert text.count(MARK) <= 1
    return Case(f"{component}: {name}", text.replace(MARK, ""), verdict == "accepted", marked, component == WHOLE)


def config(component: str, fragment: str) -> str:
    head = f"receivers: {{otlp: {{protocols: {{grpc: }}}}}}\nprocessors:\n  {component}:\n"
    service = f"    metrics: {{receivers: [otlp], processors: [{component}], exporters: [nop]}}\n"
    return f"{head}{textwrap.indent(fragment, ' ' * 4)}exporters: {{nop: }}\nservice:\n  pipelines:\n{service}"


CASES = [case for file in sorted((Path(__file__).parent / "agreement").glob("*.yaml")) for case in cases_of(file)]


@cache
def errors(case: Case) -> list[Finding]:
    """Return what our own checks refuse, practice left out."""
    report = validate(case.text, "c.yaml", checks=(check_processors,))
    return [f for f in report.findings if f.severity is Severity.ERROR and f.code not in PRACTICE_CODES]


def accepted(case: Case, harness: HarnessReplay, sandbox: Sandbox) -> bool:
    """Return what the real collector says."""
    document = ConfigDocument.parse(case.text)
    if case.whole:
        return sandbox.validate(case.text, "{}", {}).status == 0
    try:
        harness.evaluate(document, decode([]))
    except ConfigRefusedError:
        return False
    return True


@pytest.fixture(scope="module")
def sandbox(collector_binary: Path) -> Sandbox:
    return Sandbox(collector_binary)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_we_and_the_collector_say_the_same(case: Case, harness: HarnessReplay, sandbox: Sandbox):
    ours = errors(case)
    theirs = accepted(case, harness, sandbox)
    assert (theirs, not ours) == (case.accepted, case.accepted), ours


@pytest.mark.parametrize("case", [case for case in CASES if case.marked], ids=lambda case: case.name)
def test_the_first_error_points_at_the_mark(case: Case):
    first = errors(case)[0]
    assert (first.place.line, first.place.column) == case.marked, first


@pytest.mark.parametrize("case", [case for case in CASES if not case.accepted], ids=lambda case: case.name)
def test_one_mistake_is_told_once(case: Case):
    assert len(errors(case)) == 1


def test_there_are_enough_cases(capsys: pytest.CaptureFixture[str]):
    verdicts = Counter(case.accepted for case in CASES)
    columns = [case for case in CASES if case.marked and errors(case)[0].code == OTTL_INVALID.code]
    with capsys.disabled():
        told = f"{verdicts[True]} accepted, {verdicts[False]} refused; {len(columns)} columns of OTTL"
        print(f"\n{len(CASES)} configs: {told}")
    assert len(CASES) >= 300
    assert abs(verdicts[True] - verdicts[False]) <= len(CASES) // 5
    assert len(columns) >= 40
    assert len({case.name for case in CASES}) == len(CASES)
