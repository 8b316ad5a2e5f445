"""Meters that add up: bytes as JSON, bytes of OTLP, samples."""

import pytest
from tests.support.pricing import sides, steady, usage

from phoenix.decide.pricing.meters.otlp_bytes import OtlpBytes
from phoenix.decide.pricing.meters.samples import Samples
from phoenix.decide.pricing.meters.stored_bytes import StoredBytes

SAMPLES = Samples(kind="samples")


@pytest.mark.parametrize(
    ("meter", "units"),
    [
        (StoredBytes(kind="stored-bytes"), 43_800_000 * 600),
        (OtlpBytes(kind="otlp-bytes"), 43_800_000 * 200),
        (SAMPLES, 43_800_000),
    ],
)
def test_a_month_of_a_thousand_series(meter, units):
    assert meter.units(steady(1000)).likely == units
    assert meter.units(steady(1000)).exact
    assert meter.remembers is None


def test_the_range_is_a_month_of_the_smallest_and_of_the_largest_slot():
    units = SAMPLES.units(usage([range(1000), range(2000), range(1500)]))
    assert sides(units) == (43_800_000, 65_700_000, 87_600_000)
