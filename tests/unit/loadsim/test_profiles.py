from pathlib import Path

import pytest

from phoenix.loadsim.errors import ProfileInvalidError, ProfileNotFoundError
from phoenix.loadsim.profiles import BUILT_IN, find, profiles

OWN = """
name: shop
processes:
  - {name: shop-db, count: 2, memory_bytes: 8MB}
"""


def test_three_profiles_ship():
    assert tuple(profiles()) == BUILT_IN
    assert all(profile.name == name and profile.description for name, profile in profiles().items())


def test_realistic_has_the_critical_names_and_stays_small():
    realistic = find("realistic")
    counts = {group.name: group.count for group in realistic.processes}
    assert {"loadsim-db", "loadsim-web", "loadsim-queue"} <= counts.keys()
    assert 50 <= realistic.process_count <= 200
    assert realistic.mean_cpu_percent < 30
    assert realistic.churn is not None
    assert any(group.spike for group in realistic.processes)


@pytest.mark.parametrize("count", [50, 200])
def test_realistic_keeps_the_critical_names_at_any_size(count):
    names = {group.name for group in find("realistic").with_process_count(count).processes}
    assert {"loadsim-db", "loadsim-web", "loadsim-queue"} <= names


def test_high_cardinality_is_idle_and_every_command_line_differs():
    profile = find("high-cardinality")
    assert 1000 <= profile.process_count <= 2000
    assert profile.mean_cpu_percent == 0
    assert all(any("{index}" in text for text in group.arguments) for group in profile.processes)


def test_high_churn_starts_twenty_to_thirty_a_second():
    churn = find("high-churn").churn
    assert churn is not None
    assert 20 <= churn.starts_per_second <= 30


def test_finds_a_file(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(OWN, encoding="utf-8")
    assert find(str(path)).processes[0].memory_bytes == 8_000_000


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ProfileNotFoundError, match="realistic, high-cardinality, high-churn"):
        find("realistick")


def test_a_folder_is_no_profile(tmp_path):
    with pytest.raises(ProfileNotFoundError, match="Is a directory"):
        find(str(tmp_path))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("processes: [", "not YAML"),
        ("name: a\nname: b\n", "not YAML"),
        ("", "expected a mapping"),
        ("- 1", "expected a mapping"),
        (OWN.replace("count: 2", "count: two"), r"processes\[0\]\.count: expected a whole number"),
    ],
)
def test_a_bad_file_is_named_with_the_field(tmp_path, text, message):
    path = tmp_path / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileInvalidError, match=rf"shop\.yaml: .*{message}"):
        find(str(path))


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProfileInvalidError, match="not UTF-8"):
        find(str(path))


def test_the_example_is_a_profile():
    assert find(str(Path(__file__).parents[3] / "examples" / "load-profile.yaml")).name == "shop"
