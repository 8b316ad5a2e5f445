"""Refuse what grows too large: files, folders, functions, positional parameters. There is no allow-list.

Pain in a code base comes from a few giants, so the maximum is capped, not the average. Called by `./dev check`.
"""

import ast
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

FILE_LINES = 500
FILE_LINES_MEDIAN = 120
FILE_LINES_P90 = 350
FOLDER_FILES = 15
FUNCTION_LINES = 80
FUNCTION_LINES_P90 = 40

ROOT = Path(__file__).resolve().parent.parent
WRITTEN_BY_HAND = (".py", ".go", ".ts", ".tsx", ".css", ".sh", ".proto")
GENERATED = ("src/phoenix/protocol/", "src/phoenix/collector/sources/otelcol/")
# Folders that hold one thing each by nature: a decision, a change, a case beside its expectation.
COLLECTIONS = ("docs/adr", "changes", "cases", "golden", "tables")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tracked_files() -> list[Path]:
    """Return every file of the project that git tracks or would track, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [Path(name) for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def functions(path: Path) -> Iterator[tuple[Function, int]]:
    """Yield each function of a Python file with its length in lines, decorators left out."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node, (node.end_lineno or node.lineno) - node.lineno + 1


def percentile(values: list[int], share: float) -> int:
    """Return the value that `share` of the sorted values do not exceed; 0 for none."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0


def file_findings(paths: list[Path]) -> Iterator[str]:
    """Yield a line for each file and folder over its cap."""
    lengths = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in paths}
    yield from (f"{path}: {lines} lines (cap {FILE_LINES})" for path, lines in lengths.items() if lines > FILE_LINES)
    source = [lines for path, lines in lengths.items() if path.parts[0] == "src" and lines]
    if source and statistics.median(source) > FILE_LINES_MEDIAN:
        yield f"src: median file has {statistics.median(source):.0f} lines (cap {FILE_LINES_MEDIAN})"
    if percentile(source, 0.9) > FILE_LINES_P90:
        yield f"src: 90th percentile of files has {percentile(source, 0.9)} lines (cap {FILE_LINES_P90})"


def folder_findings(paths: list[Path]) -> Iterator[str]:
    """Yield a line for each folder with too many files."""
    folders = Counter(path.parent for path in paths if path.suffix != ".md" or path.parts[0] != "docs")
    for folder, count in folders.items():
        collection = str(folder) in COLLECTIONS or folder.name in COLLECTIONS
        if count > FOLDER_FILES and not collection:
            yield f"{folder}: {count} files (cap {FOLDER_FILES})"


def function_findings(paths: list[Path]) -> Iterator[str]:
    """Yield a line for each function that is too long."""
    lengths: list[int] = []
    for path in paths:
        for node, lines in functions(path):
            if path.parts[0] == "src":
                lengths.append(lines)
            if lines > FUNCTION_LINES:
                yield f"{path}:{node.lineno}: {node.name} has {lines} lines (cap {FUNCTION_LINES})"
    if percentile(lengths, 0.9) > FUNCTION_LINES_P90:
        yield f"src: 90th percentile of functions has {percentile(lengths, 0.9)} lines (cap {FUNCTION_LINES_P90})"


def main() -> int:
    """Print every finding; return 1 if there is one."""
    paths = [path for path in tracked_files() if not str(path).startswith(GENERATED)]
    code = [path for path in paths if path.suffix in WRITTEN_BY_HAND]
    python = [path for path in code if path.suffix == ".py"]
    findings = [*file_findings(code), *folder_findings(paths), *function_findings(python)]
    print(*findings, sep="\n") if findings else print(f"sizes: {len(code)} files within the caps")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
