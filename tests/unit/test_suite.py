"""What holds for the whole suite."""

from hypothesis import HealthCheck, settings


def test_no_property_is_judged_by_the_clock_on_the_wall():
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check
