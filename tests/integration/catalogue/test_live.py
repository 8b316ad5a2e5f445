"""A template with its own receiver, as it runs on a host: the scraper of this machine, no replay."""

import time

import pytest
from tests.support import promises, stock_collector

from phoenix.collector.catalogue import registry


@pytest.mark.parametrize("name", registry.names())
def test_runs_on_this_machine(collector_binary, tmp_path, name):
    text = registry.render(name, {"interval": "1s", "critical_processes": "python.*|pytest"}).text
    requests = stock_collector.scraping(collector_binary, tmp_path, text, lambda: time.sleep(3.5))
    points = list(promises.points(requests))
    assert len(requests) >= 2
    assert all("host.name" in dict(point.resource) for point in points)
    assert any("process.pid" in dict(point.resource) for point in points)
    assert promises.duplicates(requests) == []
    assert promises.fallen(requests) == []
