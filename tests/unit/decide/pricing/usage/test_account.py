"""What else an account sends: read from pairs and files, and set beside what was measured."""

from decimal import Decimal

import pytest
from tests.support.pricing import steady, usage

from phoenix.decide.errors import AccountUsageInvalidError
from phoenix.decide.pricing.usage.account import AccountUsage
from phoenix.decide.pricing.usage.account_reading import FIELDS, parse_account, parse_account_file
from phoenix.decide.pricing.usage.model import Usage
from phoenix.decide.pricing.usage.periods import Period
from phoenix.decide.pricing.usage.quantities import Together, points_per_minute

GRAFANA = Period(1200.0, 95)


def test_pairs_tell_numbers_with_their_factor():
    told = parse_account(
        [
            "series=1.5M",
            "points-per-minute=2k",
            "points-per-month=3G",
            "otlp-bytes-per-month=4T",
            "json-bytes-per-month=5",
            "metric-names=6",
            "hosts=7",
        ]
    )
    assert told == AccountUsage(
        (Decimal(1_500_000),),
        (Decimal(2000),),
        Decimal(3 * 10**9),
        Decimal(4 * 10**12),
        Decimal(5),
        Decimal(6),
        Decimal(7),
    )


def test_a_file_may_tell_counts_over_the_month():
    told = parse_account_file("series: [1k, 2k, 3000]\nhosts: 4\n", "account.yaml")
    assert told.series_counts == (Decimal(1000), Decimal(2000), Decimal(3000))
    assert told.hosts == 4


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (["series"], "no name=number"),
        (["series=1", "series=2"], "told twice"),
        (["sheries=1"], "unknown key 'sheries'; there are series"),
        (["series=-1"], "series must be a number"),
        (["hosts=1k5"], "hosts must be a number"),
    ],
)
def test_a_pair_that_says_nothing_usable_is_refused(pairs, said):
    with pytest.raises(AccountUsageInvalidError, match=said):
        parse_account(pairs)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hosts: 1\nnames: 2\n", "account.yaml:2:1: unknown key 'names'"),
        ("hosts: true\n", "account.yaml:1:1: hosts must be a number"),
        ("series: []\n", "series must be a number"),
        ("hosts: [1]\n", "hosts must be a number"),
        ("a: [\n", "account.yaml"),
    ],
)
def test_a_file_is_refused_with_the_place(text, said):
    with pytest.raises(AccountUsageInvalidError, match=said.replace("[", r"\[")):
        parse_account_file(text, "account.yaml")


def test_what_is_not_told_is_unknown():
    nothing = AccountUsage()
    assert nothing.series(GRAFANA).nothing_known
    assert nothing.points().nothing_known
    assert nothing.names(100).nothing_known
    assert points_per_minute(nothing, 95).nothing_known
    assert Together(nothing, steady(10)).series(GRAFANA).nothing_known
    assert len(FIELDS) == 7


def test_points_a_minute_and_a_month_tell_each_other():
    assert AccountUsage(points_per_month=Decimal(43_800)).minutes() is not None
    assert points_per_minute(AccountUsage(points_per_month=Decimal(43_800)), 95).likely == 1
    assert AccountUsage(points_per_minute=(Decimal(1), Decimal(3))).points().likely == 2 * 43_800


def test_both_add_up():
    account = AccountUsage((Decimal(1000),), (Decimal(500),), None, Decimal(7), Decimal(8), Decimal(9))
    both = Together(account, steady(10))
    assert both.series(GRAFANA).likely == 1010
    assert both.points().likely == 510 * 43_800
    assert points_per_minute(both, 95).likely == 510
    assert both.otlp_bytes().likely == 7 + 200 * 10 * 43_800
    assert both.json_bytes().likely == 8 + 600 * 10 * 43_800
    assert both.names(100).likely == 10


def test_the_percentile_is_of_the_sum():
    """A twentieth of the account's month is a peak that is forgiven; alone it would not change what is added."""
    peaks = AccountUsage(tuple(Decimal(count) for count in [1000] * 96 + [5000] * 4))
    assert peaks.series(GRAFANA).likely == 1000
    assert Together(peaks, steady(10)).series(GRAFANA).likely == 1010


def test_peaks_on_either_side_are_set_beside_each_other():
    busy = usage([range(60) if slot % 20 == 0 else range(10) for slot in range(400)], seconds=1200.0)
    rest = AccountUsage(tuple(Decimal(count) for count in [100] * 30 + [200] * 10))
    # A quarter of the moments is at 200, and a twentieth of these at 260: 1.25 % lie above 210.
    assert Together(rest, busy).series(GRAFANA).likely == 210


def test_very_many_moments_are_told_by_some_of_them():
    many = AccountUsage(tuple(Decimal(count) for count in range(2000)))
    both = Together(many, usage([range(10 + slot % 2) for slot in range(40)], seconds=1200.0))
    likely = both.series(GRAFANA).likely
    assert likely is not None
    assert abs(likely - 1910) < 10


def test_an_unknown_top_stays_unknown_beside_an_account():
    one_look = steady(10, slots=1)
    both = Together(AccountUsage((Decimal(5),)), one_look)
    assert both.series(GRAFANA).high is None
    assert both.series(GRAFANA).likely == 15
    assert Usage.unknown().minutes() is None
