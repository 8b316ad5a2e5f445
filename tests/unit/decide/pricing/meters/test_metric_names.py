"""Datadog's metric-name plan: names over 100 indexed points, 10 million points each, ingest over 5 times indexed."""

from decimal import Decimal

from tests.support.pricing import steady, usage

from phoenix.decide.pricing.meters.metric_names import IndexedPoints, IngestedPoints, MetricNames
from phoenix.decide.pricing.usage.model import Usage

NAMES = MetricNames(kind="metric-names", more_points_than=100)
POINTS = IndexedPoints(kind="indexed-points", more_points_than=100, points_a_name=10_000_000)
INGEST = IngestedPoints(kind="ingested-points", more_points_than=100, times_indexed=Decimal(5))


def test_a_name_counts_once_whatever_its_series():
    two = usage([range(100)] * 3, names=("a", "b"), metric_of={number: number % 2 for number in range(100)})
    assert NAMES.units(two).likely == 2


def test_more_hosts_bring_no_more_names():
    assert NAMES.units(steady(10).for_hosts(1000)).likely == 1


def test_a_name_with_a_hundred_points_or_fewer_is_free():
    # One point in 15 slots of two days each is 15.2 points a month.
    rare = usage([[0] if slot else [0, 1] for slot in range(15)], seconds=172_800, names=("a", "b"), metric_of={1: 1})
    assert NAMES.units(rare).likely == 0
    assert NAMES.units(rare.for_hosts(10)).likely == 1


def test_points_beyond_those_of_the_names():
    # 43.8 million points under one name, 10 million of which come with it.
    assert POINTS.units(steady(1000)).likely == 33_800_000
    assert POINTS.units(steady(100)).likely == 0


def test_names_share_their_points():
    four = usage([range(1000)] * 3, names=tuple("abcd"), metric_of={number: number % 4 for number in range(1000)})
    assert POINTS.units(four).likely == 3_800_000


def test_ingest_beyond_five_times_the_indexed():
    assert INGEST.units(steady(1000)).likely == 0
    tenth = INGEST.model_copy(update={"indexed_share": Decimal("0.1")})
    assert tenth.units(steady(1000)).likely == 21_900_000


def test_what_is_not_indexed_has_no_names():
    unindexed = {"indexed_share": Decimal(0)}
    assert NAMES.model_copy(update=unindexed).units(steady(1000)).likely == 0
    assert INGEST.model_copy(update=unindexed).units(steady(1000)).likely == 43_800_000


def test_unknown_points_are_unknown():
    assert NAMES.units(Usage.unknown()).nothing_known
    assert POINTS.units(Usage.unknown()).nothing_known
    assert INGEST.units(Usage.unknown()).nothing_known
