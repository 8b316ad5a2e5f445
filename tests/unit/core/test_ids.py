from datetime import UTC, datetime, timedelta

from phoenix.core.ids import new_id

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_says_what_it_names():
    assert new_id("exp", NOW).startswith("exp-")


def test_sorts_by_the_time_of_making():
    ids = [new_id("rev", NOW + timedelta(milliseconds=offset)) for offset in range(50)]
    assert ids == sorted(ids)


def test_two_of_one_moment_differ():
    assert new_id("host", NOW) != new_id("host", NOW)


def test_can_stand_in_a_url_and_a_file_name():
    assert new_id("pv", NOW).replace("-", "").isalnum()
