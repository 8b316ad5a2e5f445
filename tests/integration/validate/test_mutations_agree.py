"""What our own checks call an error, the collector refuses too: no false alarm, on mutated settings of processors.

The other way round a few may pass: OTTL of other signals, whose paths are not known here, and the old language of
expressions. The binary's own step tells those.
"""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.integration.validate.test_components_agree import CASES, Case, accepted, errors

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.errors import ConfigSyntaxError
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.collector.validate.binary_check.sandbox import Sandbox

VALUES = (
    *(None, 3, -1, 0, True, 1.5, "text", "", "10s", "a,b", "(a", "metric", "strict", "regexp", "sum"),
    'metric.name == "a"',
)
NESTED = ("[]", "{}", "[a]", "{a: }", "[null]", "[3]", "{key: a}")
LETTERS = '()[]"=,.$ax1 '
BASES = [case for case in CASES if not case.whole]


def containers(tree: Any) -> list[Any]:
    """Return every mapping and list of a tree that has something in it."""
    if not isinstance(tree, dict | list) or not tree:
        return []
    below = tree.values() if isinstance(tree, dict) else tree
    return [tree, *(found for part in below for found in containers(part))]


def keys_of(container: Any) -> list[Any]:
    return list(container) if isinstance(container, dict) else list(range(len(container)))


def mutated(text: str, chance: random.Random) -> str:
    """Return a config with one or two things of its processor deleted, renamed or replaced, or a letter changed."""
    data = yaml.safe_load(text)
    processors = data["processors"]
    for _ in range(chance.choice((1, 1, 2))):
        inside = [found for found in containers(processors) if found is not processors] or [processors]
        texts = [(held, key) for held in inside for key in keys_of(held) if isinstance(held[key], str) and held[key]]
        if texts and chance.random() < 0.4:
            held, key = chance.choice(texts)
            held[key] = respelt(held[key], chance)
            continue
        held = chance.choice(inside)
        key = chance.choice(keys_of(held))
        if held is processors or chance.random() < 0.5:
            held[key] = chance.choice((*VALUES, *map(yaml.safe_load, NESTED)))
            continue
        value = held.pop(key)
        if isinstance(held, dict) and chance.random() < 0.5:
            held[f"{key}s"] = value
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


def respelt(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return chance.choice((text[:at] + text[at + 1 :], text[:at] + chance.choice(LETTERS) + text[at:], text[:at]))


@pytest.fixture(scope="module")
def sandbox(collector_binary: Path) -> Sandbox:
    return Sandbox(collector_binary)


@pytest.mark.parametrize("block", range(4))
def test_no_mutation_gives_a_false_alarm(block: int, harness: HarnessReplay, sandbox: Sandbox):
    seen: Counter[tuple[bool, bool]] = Counter()
    for seed in range(block * 100, block * 100 + 100):
        chance = random.Random(seed)
        base = chance.choice(BASES)
        text = mutated(base.text, chance)
        try:
            ConfigDocument.parse(text)
        except ConfigSyntaxError:
            continue
        case = Case(f"{base.name}, mutation {seed}", text, accepted=True, marked=None, whole=False)
        theirs, ours = accepted(case, harness, sandbox), errors(case)
        assert theirs <= (not ours), (case.name, text, ours)
        seen[theirs, not ours] += 1
    assert seen[True, True] >= 10
    assert seen[False, False] >= 30
    assert seen[False, True] <= 3
