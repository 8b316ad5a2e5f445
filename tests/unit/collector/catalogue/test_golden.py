"""The text of every template as users get it, to be reviewed like code; `./dev golden` rewrites it."""

import os
from pathlib import Path

import pytest

from phoenix.collector.catalogue import registry

FOLDER = Path(__file__).parent / "golden"
# Short lists, so that what a template does is not lost among names.
LISTS = {
    "critical_processes": "postgres, process.owner=nginx",
    "high_processes": "python[0-9.]*",
    "low_processes": "sh, process.command=^$",
}


@pytest.mark.golden
@pytest.mark.parametrize("name", registry.names())
def test_the_rendered_text_is_the_golden_one(name):
    known = {parameter.name for parameter in registry.find(name).parameters}
    text = registry.render(name, {key: value for key, value in LISTS.items() if key in known}).text
    path = FOLDER / f"{name}.yaml"
    if os.environ.get("PHOENIX_GOLDEN") == "rewrite":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
