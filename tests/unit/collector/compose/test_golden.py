"""Composed texts, to be reviewed like code: input beside output, a behaviour a folder; `./dev golden` rewrites them."""

import os
from pathlib import Path

import pytest

from phoenix.collector.compose.model import Composed, PhoenixEndpoint
from phoenix.collector.compose.paired import compose_pair
from phoenix.collector.compose.steady import compose_steady
from phoenix.collector.config.document import ConfigDocument
from phoenix.core.ids import ExperimentId, RevisionId

CASES = Path(__file__).parent / "cases"
ENDPOINT = PhoenixEndpoint("http://phoenix.example:8080")
REVISION = RevisionId("rev-7")


def composed(case: Path) -> Composed:
    baseline, candidate = case / "baseline.yaml", case / "candidate.yaml"
    document = ConfigDocument.parse(baseline.read_text(), "baseline.yaml")
    if not candidate.exists():
        return compose_steady(document, endpoint=ENDPOINT, revision=REVISION)
    other = ConfigDocument.parse(candidate.read_text(), "candidate.yaml")
    return compose_pair(document, other, endpoint=ENDPOINT, experiment=ExperimentId("exp-3"), revision=REVISION)


def told(result: Composed) -> str:
    """Return the text, and below it what else is known of it."""
    arms = {f"processors of {arm}": names for arm, names in result.processors.items()}
    lists = {"exporters": result.exporters, "receivers": result.receivers, **arms}
    lines = [f"# {name}: {', '.join(values)}" for name, values in lists.items()]
    lines += [f"# unpaired: {sentence}" for sentence in result.unpaired]
    lines += [f"# note: {sentence}" for sentence in result.notes]
    return result.text + "\n".join(lines) + "\n"


@pytest.mark.golden
@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_the_composed_text_is_the_golden_one(name):
    path = CASES / name / "composed.yaml"
    text = told(composed(CASES / name))
    if os.environ.get("PHOENIX_GOLDEN") == "rewrite":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_composing_again_gives_the_same_bytes(name):
    assert composed(CASES / name) == composed(CASES / name)
