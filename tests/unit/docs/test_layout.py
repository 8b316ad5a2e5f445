"""The walk through the house names folders and files; a wrong one sends a newcomer away."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LAYOUT = ROOT / "docs" / "explanation" / "layout.md"
PATH = re.compile(r"`([a-z_]+(?:/[a-z_.]+)*/?(?:[a-z_]+\.[a-z]+)?)`")


def test_every_path_in_the_walk_exists():
    named = [path for path in PATH.findall(LAYOUT.read_text(encoding="utf-8")) if "/" in path]
    assert len(named) >= 10
    assert [path for path in named if not exists(path)] == []


def exists(path: str) -> bool:
    places = (root / path for root in (ROOT, ROOT / "src" / "phoenix"))
    return any(place.exists() or place.with_name(f"{place.name}.py").exists() for place in places)


def test_every_link_of_the_documentation_leads_somewhere():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []
