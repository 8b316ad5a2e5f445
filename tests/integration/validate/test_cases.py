"""What `validate` answers for whole configs, and how the real binary's words are read: text beside each config.

`PHOENIX_GOLDEN=rewrite` writes the texts anew; review the difference like code. The second part of a text is what the
binary alone says, also where Phoenix had said it first and does not ask.
"""

import os
from pathlib import Path

import pytest

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.errors import ConfigSyntaxError
from phoenix.collector.config.pipelines import ConfigView
from phoenix.collector.validate.binary_check.check import ask
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.collector.validate.finding import Finding, HostNeed, by_place
from phoenix.collector.validate.service import validate
from phoenix.engine.checking import check_processors

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def told(finding: Finding) -> str:
    place = f"{finding.place.line}:{finding.place.column}"
    return f"{place} {finding.severity} {finding.code}\n    {finding.message}\n    -> {finding.user_action}"


def needed(need: HostNeed) -> str:
    return f"{need.place.line}:{need.place.column} {need.kind} {need.name}"


def answer(text: str, sandbox: Sandbox) -> str:
    report = validate(text, "config.yaml", sandbox=sandbox, checks=(check_processors,))
    lines = ["== phoenix", "ok" if report.ok else "refused", *map(told, report.findings)]
    lines += ["== only the host knows", *map(needed, report.host_needs)]
    try:
        view = ConfigView(ConfigDocument.parse(text))
    except ConfigSyntaxError:
        return "\n".join(lines) + "\n"
    lines += ["== the binary alone", *map(told, by_place(ask(view, sandbox).findings))]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def sandbox(collector_binary: Path) -> Sandbox:
    return Sandbox(collector_binary)


@pytest.mark.golden
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_answers_as_written_beside_the_config(case: Path, sandbox: Sandbox):
    expected = case.with_suffix(".txt")
    given = answer(case.read_text(encoding="utf-8"), sandbox)
    if os.environ.get("PHOENIX_GOLDEN") == "rewrite":
        expected.write_text(given, encoding="utf-8")
    assert given == expected.read_text(encoding="utf-8")


def test_every_case_has_its_text_and_every_text_its_case():
    stems = {case.stem for case in CASES}
    assert {text.stem for text in CASES[0].parent.glob("*.txt")} == stems
    assert len(stems) >= 25
