"""Outcomes of pipeline tests as JUnit XML, the form CI servers read (https://github.com/testmoapp/junitxml)."""

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from phoenix.decide.cases.outcome import CaseOutcome

# What XML 1.0 cannot hold, however it is written.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(outcomes: Sequence[CaseOutcome]) -> str:
    """Return one `testsuite` a file, one `testcase` a case, the failures of a case in one `failure`."""
    root = ET.Element("testsuites", _counts(outcomes))
    for source, group in groupby(outcomes, lambda outcome: outcome.file.source):
        members = list(group)
        suite = ET.SubElement(root, "testsuite", {"name": _xml(source), **_counts(members)})
        for outcome in members:
            attributes = {
                "name": _xml(outcome.case.name),
                "classname": _xml(source),
                "file": _xml(source),
                "line": str(outcome.case.place.line),
                "time": f"{outcome.seconds:.6f}",
            }
            case = ET.SubElement(suite, "testcase", attributes)
            if not outcome.passed:
                words = [f"{failure.what}: {failure.words}" for failure in outcome.failures]
                failure = ET.SubElement(case, "failure", {"message": _xml("; ".join(words))})
                lines = [line for it in outcome.failures for line in (f"{it.what}: {it.words}", *it.lines)]
                failure.text = _xml("\n".join(lines))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counts(outcomes: Sequence[CaseOutcome]) -> dict[str, str]:
    return {
        "tests": str(len(outcomes)),
        "failures": str(sum(not outcome.passed for outcome in outcomes)),
        "errors": "0",
        "time": f"{sum(outcome.seconds for outcome in outcomes):.6f}",
    }


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
