import json

import pytest

from phoenix.loadsim.order import STATE_FILE, Order, SimulationState
from phoenix.loadsim.profiles import profiles

STATE = SimulationState(profile="realistic", pid=7, start_time=8, boot="b", started_at="2026-01-01", ends_at="")


@pytest.mark.parametrize("name", list(profiles()))
def test_an_order_survives_the_line(name):
    order = Order(profiles()[name], "/tmp/somewhere", duration_seconds=1.5, starter=42, seed=3)
    line = order.to_line()
    assert line.count(b"\n") == 1
    assert Order.from_line(line) == order


def test_a_state_is_written_whole_and_leaves_nothing_beside(tmp_path):
    STATE.write(tmp_path)
    STATE.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [STATE_FILE]
    assert SimulationState.from_mapping(json.loads((tmp_path / STATE_FILE).read_text(encoding="utf-8"))) == STATE


def test_a_state_of_another_version_is_refused():
    with pytest.raises(TypeError):
        SimulationState.from_mapping({"pid": 7, "colour": "red"})
