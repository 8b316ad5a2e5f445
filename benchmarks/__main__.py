"""`./dev bench` lists the benchmarks, `./dev bench NAME` runs one; each prints ratios against the real thing."""

import importlib
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
NOT_BENCHMARKS = {"__main__"}


def main(arguments: list[str]) -> int:
    """Run the benchmark named, or list them all with the first line of each docstring."""
    names = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NOT_BENCHMARKS)
    if not arguments:
        for name in names:
            says = (importlib.import_module(f"benchmarks.{name}").__doc__ or "").strip().splitlines()[0]
            print(f"{name:<14} {says}")
        return 0
    if arguments[0] not in names:
        print(f"no benchmark named {arguments[0]}; there are {', '.join(names)}", file=sys.stderr)
        return 2
    importlib.import_module(f"benchmarks.{arguments[0]}").main(arguments[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
