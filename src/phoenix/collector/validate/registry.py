"""Every code a finding can have, for the reference page and the test that each is declared once."""

from typing import Final

from phoenix.collector.validate import component_codes, references, structure, text_codes
from phoenix.collector.validate.binary_check import codes as binary_codes
from phoenix.collector.validate.finding import Code
from phoenix.collector.validate.loss.registry import CODES as LOSS_CODES
from phoenix.collector.validate.rules import CODES as RULE_CODES

STAGES: Final[tuple[tuple[str, tuple[Code, ...]], ...]] = (
    ("YAML", text_codes.CODES),
    ("Structure", structure.CODES),
    ("References", references.CODES),
    ("Components", component_codes.CODES),
    ("Practice", RULE_CODES),
    ("Loss", LOSS_CODES),
    ("The real binary", binary_codes.CODES),
)


def all_codes() -> tuple[Code, ...]:
    """Return every code, stage by stage."""
    return tuple(code for _, codes in STAGES for code in codes)


def findings_page() -> str:
    """Return the reference page of findings, as Markdown."""
    lines = ["# Findings of `phoenix validate`", ""]
    lines += ["An error refuses a config, a warning does not, an info is worth knowing.", ""]
    lines += ["They are told stage by stage, in this order.", ""]
    for stage, codes in STAGES:
        lines += [f"## {stage}", ""]
        for code in codes:
            lines += [f"### {code.code}", "", f"*{code.severity.value}*; reads {code.reads}.", ""]
            lines += [code.meaning, "", f"What to do: {code.user_action}", ""]
    return "\n".join(lines)
