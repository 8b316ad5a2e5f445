"""Generated texts, right and wrong, are accepted or refused here as by a collector.

What differs once is a line of `accepted.txt` or `refused.txt` from then on. Whether an XPath compiles is not known
here; such texts are left out.
"""

from random import Random

import pytest
from tests.support.ottl.generator import Generator
from tests.support.ottl.mutation import mutated
from tests.support.ottl.places import Place, accepts, read

from phoenix.ottl.dialect import FILTER_CONDITIONS, FILTER_METRICS, TRANSFORM_CONDITIONS, TRANSFORM_STATEMENTS
from phoenix.ottl.errors import OttlError, OttlNotDoneError

DIALECTS = {
    "transform flat": TRANSFORM_STATEMENTS,
    "transform grouped": TRANSFORM_STATEMENTS,
    "transform conditions": TRANSFORM_CONDITIONS,
    "filter flat": FILTER_CONDITIONS,
    "filter grouped": FILTER_CONDITIONS,
    "filter metrics": FILTER_METRICS,
}
CASES = 300


def texts(form: str, random: Random) -> tuple[Place, list[str]]:
    dialect = DIALECTS[form]
    context = random.choice([name for name in dialect.functions if name != "exemplar"])
    flat = form.endswith("flat")
    place = Place(form if flat else f"{form} {context}")
    generator = Generator(random, dialect, context, prefixed=flat)
    write = generator.statement if place.is_of_statements else generator.condition
    made = [write(3) for _ in range(random.choice((1, 1, 2)) if place.is_of_statements else 1)]
    if random.random() < 0.35:
        made[0] = mutated(made[0], random)
    return place, made


@pytest.mark.parametrize("form", DIALECTS)
def test_generated_texts_are_taken_as_a_collector_takes_them(harness, form):
    random = Random(f"ottl {form}")
    accepted = refused = 0
    for _ in range(CASES):
        place, made = texts(form, random)
        try:
            read(place, *made)
            ours = None
        except OttlError as error:
            ours = error
        if isinstance(ours, OttlNotDoneError) and any("XML(" in text for text in made):
            continue
        reason = accepts(harness, place, *made)
        is_refused = ours is not None and not isinstance(ours, OttlNotDoneError)
        assert bool(reason) == is_refused, (place.name, made, ours, reason)
        if ours is not None:
            assert 0 <= ours.offset <= len(made[ours.index])
        accepted += not is_refused
        refused += is_refused
    assert min(accepted, refused) > CASES // 10
