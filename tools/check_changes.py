"""Ask for a change entry where users will notice.

An entry is `changes/<topic>.<added|changed|fixed|removed>.md`, one or two sentences for users. When user-visible paths
changed since the last release (or ever, before the first), at least one must stand. Called by `./dev check`.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENTRY = re.compile(r"[a-z0-9-]+\.(added|changed|fixed|removed)\.md")
VISIBLE = ("src/phoenix/", "web/", "charts/", "proto/")


def git(*arguments: str) -> str:
    """Return what git prints, or nothing when it refuses (no tag yet)."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=False, capture_output=True, text=True).stdout


def main() -> int:
    """Print what is wrong with the entries; return 1 if anything is."""
    entries = [path for path in (ROOT / "changes").iterdir() if path.name != "README.md"]
    findings = [
        f"changes/{path.name}: name it TOPIC.added|changed|fixed|removed.md"
        for path in entries
        if not ENTRY.fullmatch(path.name)
    ]
    findings += [f"changes/{path.name}: empty" for path in entries if not path.read_text(encoding="utf-8").strip()]
    last_release = git("describe", "--tags", "--abbrev=0").strip()
    changed = git("diff", "--name-only", last_release, "--") if last_release else git("ls-files")
    if any(name.startswith(VISIBLE) for name in changed.splitlines()) and not entries:
        findings.append("changes/: user-visible paths changed since the last release, and no entry says how")
    print(*findings, sep="\n") if findings else print(f"changes: {len(entries)} entries")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
