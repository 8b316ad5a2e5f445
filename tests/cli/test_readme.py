"""The commands of the README work as they stand there, one after the other."""

import re
import shlex
from pathlib import Path

import pytest
from tests.support.cli import Finished, phoenix

README = Path(__file__).resolve().parents[2] / "README.md"
# A minute of recording proves no more here than three scrapes do.
SHORTER = {"60s": "15s"}


def commands() -> list[list[str]]:
    # The server's part has a test of its own: test_readme_server.py.
    before, _, after = README.read_text(encoding="utf-8").partition("## A server of your own")
    lines = re.findall(r"^\./dev phoenix (.+)$", before + after.partition("```\n\n")[2], re.MULTILINE)
    words = [shlex.split(line, comments=True) for line in lines]
    return [
        [SHORTER.get(word, word) for word in line] for line in words if line[0] != "whatif" or "--template" not in line
    ]


@pytest.fixture(scope="module")
def finished(tmp_path_factory, private_cache) -> list[tuple[list[str], Finished]]:
    folder = tmp_path_factory.mktemp("readme")
    environment = {"PHOENIX_CACHE_DIR": str(private_cache)}
    return [(line, phoenix(*line, cwd=folder, environment=environment)) for line in commands()]


def test_every_command_of_the_readme_succeeds(finished):
    assert len(finished) >= 9
    for line, result in finished:
        differs = line[:2] == ["capture", "diff"]
        assert result.status == (1 if differs else 0), f"{' '.join(line)}: {result.err}"


def test_every_link_of_the_documentation_leads_somewhere():
    pages = [README, *README.parent.glob("docs/**/*.md")]
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page}: {link}"
