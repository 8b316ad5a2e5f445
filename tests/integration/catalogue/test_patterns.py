"""A pattern chooses the same processes in the collector as in Python, where the loss check reads it."""

import pytest
from tests.support import promises, scrapes, stock_collector

from phoenix.collector.catalogue import registry
from phoenix.telemetry.processes import ProcessPattern

NAMES = [
    *("db", "db2", "DB", "my-db", "a.b", "axb", "a+b", "x1", "x12"),
    *('quo"te', "back\\slash", "two\nlines", "$y", "${y}", "é"),
]
PATTERNS = [
    "db",
    "db.*",
    "(?i)db",
    "a.b",
    "a+b",
    "db|x1",
    r"x\d{1,2}",
    'quo"te',
    r"back\\slash",
    "two.lines",
    r"[$]y",
    r"\$\{y\}",
    "[é]",
    "process.owner=ro.t",
    "process.command=/usr/bin/(db|x1)",
    "process.nothing=.*",
    "process.pid=1",
]


@pytest.mark.parametrize("text", PATTERNS)
def test_the_collector_and_python_choose_the_same(collector_binary, tmp_path, text):
    pattern = ProcessPattern.parse(text)
    lives = [scrapes.Life(pid, name, 1, f"/usr/bin/{name}") for pid, name in enumerate(NAMES, start=1)]

    def requests(ready):
        yield scrapes.scrape([(life, 0.0, 1) for life in lives], ready)

    given = {"critical_processes": [text, "none-such"], "metrics": "process.memory.usage"}
    rendered = registry.render("process-minimal-v1", given).text
    after = stock_collector.through(collector_binary, tmp_path, rendered, requests)
    chosen = {dict(point.resource)["process.executable.name"] for point in promises.points(after)}
    wanted = {
        life.name
        for life in lives
        if pattern.matches(
            {
                "process.executable.name": life.name,
                "process.owner": "root",
                "process.command": life.command,
                "process.pid": life.pid,
            }
        )
    }
    assert chosen == wanted
