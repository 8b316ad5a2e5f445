import pytest

from phoenix.loadsim import simulation
from phoenix.loadsim.errors import PlatformUnsupportedError
from phoenix.loadsim.profiles import find


def test_another_system_than_linux_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(PlatformUnsupportedError, match="needs Linux, this is darwin"):
        simulation.start(find("realistic"), folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_nothing_runs_from_a_folder_that_does_not_exist(tmp_path):
    assert simulation.running(tmp_path / "nowhere") is None
