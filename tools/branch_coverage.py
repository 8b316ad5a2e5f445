"""Ask of a package that its tests take nearly every branch.

Coverage's own limit counts lines and branches together, and lines are the larger part by far. Called by the suite
`coverage`, on what all suites together have covered.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import coverage


def covered(pattern: str) -> dict[str, Any]:
    """Return coverage's totals of the files that match."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        data = coverage.Coverage()
        data.load()
        data.json_report(include=[pattern], outfile=str(report))
        totals: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["totals"]
    return totals


def main() -> int:
    """Print a line a package; return 1 if any has too few branches covered."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pattern", nargs="+", help="files, as src/phoenix/engine/*")
    parser.add_argument("--fail-under", type=float, required=True, metavar="PERCENT")
    options = parser.parse_args()
    few = False
    for pattern in options.pattern:
        totals = covered(pattern)
        percent = 100 * totals["covered_branches"] / totals["num_branches"]
        few |= percent < options.fail_under
        print(f"{pattern}: {percent:.1f} % of {totals['num_branches']:,} branches, {options.fail_under:g} % wanted")
    return int(few)


if __name__ == "__main__":
    sys.exit(main())
