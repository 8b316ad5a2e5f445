"""Help and completion must feel instant, so what is slow to import stays out of them."""

import subprocess
import sys

import pytest

# Not pydantic: typer itself imports it to read a command line.
HEAVY = {"numpy", "pyarrow", "numba", "google.protobuf", "pydantic_settings", "yaml", "psutil", "rich.progress"}


def _modules_after(*line: str) -> set[str]:
    script = (
        "import sys; from phoenix.cli.main import main; main(sys.argv[1:]); "
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, *line], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("line", [("--help",), ("pipeline", "--help")])
def test_help_imports_nothing_heavy(line):
    assert _modules_after(*line) & HEAVY == set()


def test_version_imports_no_columns_and_no_compiler():
    assert _modules_after("version") & {"numpy", "pyarrow", "numba", "google.protobuf"} == set()
