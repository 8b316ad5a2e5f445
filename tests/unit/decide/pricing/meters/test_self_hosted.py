"""Self-hosted: 25,000 samples a second of 1.5 million series, computed by hand from the capacity pages."""

from decimal import Decimal

import pytest
from tests.support.pricing import sides, steady

from phoenix.decide.pricing.meters.mimir import Mimir
from phoenix.decide.pricing.meters.victoria_metrics import VictoriaMetrics


def rounded(units):
    return [round(side, 9) for side in sides(units) if side is not None]


MONTH = steady(1500, slots=2).for_hosts(1000)


@pytest.mark.parametrize(
    ("resource", "needed"),
    # A distributor of 1 core and 1 GB; 4.5 million series in memory are 15 ingesters of 1 core, 2.5 GB and 5 GB disk.
    [("cores", "16"), ("memory-gb", "38.5"), ("disk-gb", "75")],
)
def test_mimir(resource, needed):
    assert rounded(Mimir(kind="mimir", resource=resource).units(MONTH))[1] == Decimal(needed)


def test_mimir_with_less_replication_needs_less():
    units = Mimir(kind="mimir", resource="disk-gb", replication=1).units(MONTH)
    assert rounded(units)[1] == 25


@pytest.mark.parametrize(
    ("resource", "least", "likely", "most"),
    [
        ("cores", "0.083333333", "0.083333333", "0.083333333"),
        ("memory-gb", "1.5", "1.5", None),
        # 65.7e9 samples of 1 to 2 bytes.
        ("disk-gb", "65.7", "98.55", "131.4"),
    ],
)
def test_victoria_metrics(resource, least, likely, most):
    units = VictoriaMetrics(kind="victoria-metrics", resource=resource).units(MONTH)
    assert rounded(units)[0] == Decimal(least)
    assert rounded(units)[1] == Decimal(likely)
    if most is not None:
        assert rounded(units)[2] == Decimal(most)


def test_disk_grows_with_the_months_kept():
    units = VictoriaMetrics(kind="victoria-metrics", resource="disk-gb", months_kept=Decimal(12)).units(MONTH)
    assert rounded(units)[0] == Decimal("788.4")
