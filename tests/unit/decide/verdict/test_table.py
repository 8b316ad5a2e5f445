"""The decision table: in code, in the docs, and complete."""

from dataclasses import fields
from pathlib import Path

import pytest

from phoenix.decide.verdict.model import Outcome
from phoenix.decide.verdict.table import TABLE, Facts, decide, render

DOCS = Path(__file__).resolve().parents[4] / "docs" / "explanation" / "verdict.md"


def test_the_docs_hold_the_table_of_the_code():
    assert render() in DOCS.read_text(encoding="utf-8")


def test_every_outcome_can_be_reached():
    assert {row.outcome for row in TABLE} == set(Outcome)
    assert len({row.name for row in TABLE}) == len(TABLE)


def test_without_a_fact_nothing_is_shown():
    row, reason = decide(Facts())
    assert (row.outcome, reason) == (Outcome.UNDECIDED, "Nothing is shown yet.")


@pytest.mark.parametrize("name", [row.name for row in TABLE if row.name not in ("alone", "open")])
def test_each_row_concludes_from_its_own_fact_before_those_after_it(name):
    later = [row.name for row in TABLE[[row.name for row in TABLE].index(name) :]]
    known = {field.name for field in fields(Facts)}
    assert decide(Facts(**{it: f"{it} holds" for it in later if it in known}))[0].name == name


def test_one_unpaired_host_is_never_equivalent():
    row, reason = decide(Facts(same="They are the same.", alone="One host."))
    assert (row.outcome, row.name, reason) == (Outcome.UNDECIDED, "alone", "One host.")
