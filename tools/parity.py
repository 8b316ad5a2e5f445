"""Differential fuzzing: generated pipelines and captures through the real collector's code and through the engine.

`./dev parity --cases 10000` must find no difference. It prints which options and functions the cases used and how often
the engine refused them by name, and for each difference the case's number, made as small as it gets.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.parity.case import Case  # noqa: E402 the path comes first
from tests.support.parity.outcome import Agreement, Outcome, compare  # noqa: E402 the path comes first
from tests.support.parity.run import Tally, run  # noqa: E402 the path comes first
from tests.support.parity.shrinking import shrunk  # noqa: E402 the path comes first

from phoenix.collector.binary.build import find_built  # noqa: E402 the path comes first
from phoenix.collector.replay.channel import Limits  # noqa: E402 the path comes first
from phoenix.collector.replay.harness import HarnessReplay  # noqa: E402 the path comes first
from phoenix.engine.evaluator import ColumnarEvaluator  # noqa: E402 the path comes first
from phoenix.settings.load import load_settings  # noqa: E402 the path comes first
from phoenix.telemetry.jsonlines import write_lines  # noqa: E402 the path comes first

_MOST_SHRUNK = 8
_MOST_SHOWN = 6
_SAME_WORDS = 40
# A pipeline that grows without end is no case; the machine is small.
_LIMITS = Limits(seconds=20, memory_bytes=1 << 30)


def main() -> int:
    """Run the cases asked for; 1 when any differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=1000, help="how many (default: %(default)s)")
    parser.add_argument("--first", type=int, default=0, help="the number of the first (default: %(default)s)")
    parser.add_argument("--case", type=int, help="only this one, with its config and what differs")
    parser.add_argument("--all-features", action="store_true", help="list every feature, not only those refused")
    parser.add_argument("--only", help="processors to use, comma between; makes other cases of the numbers")
    arguments = parser.parse_args()
    kinds = arguments.only.split(",") if arguments.only else []
    built = find_built(load_settings().cache_dir)
    if built is None:
        sys.exit("the collector is not built yet: run ./dev phoenix collector build")
    with HarnessReplay(built.harness, limits=_LIMITS) as collector:
        columnar = ColumnarEvaluator()

        def smallest(case: Case, outcome: Outcome) -> Case:
            def differs(other: Case) -> bool:
                found = compare(other, collector, columnar)
                # A crash of another kind, or a difference of another kind, is another case.
                return (
                    found.agreement is Agreement.DIFFERENT and found.words[:_SAME_WORDS] == outcome.words[:_SAME_WORDS]
                )

            return shrunk(case, differs)

        if arguments.case is not None:
            case = Case.numbered(arguments.case, kinds=kinds)
            outcome = compare(case, collector, columnar)
            print(f"case {case.name}: {outcome.agreement}\n{outcome.words}")
            _show(smallest(case, outcome) if outcome.agreement is Agreement.DIFFERENT else case)
            return int(outcome.agreement is Agreement.DIFFERENT)
        numbers = range(arguments.first, arguments.first + arguments.cases)
        tally = run(numbers, collector, columnar, _progress(arguments.cases), kinds)
        print(file=sys.stderr)
        _summary(tally, every=arguments.all_features)
        for case, outcome in tally.different[:_MOST_SHRUNK]:
            smaller = smallest(case, outcome)
            print(f"\ncase {case.name} differs: {compare(smaller, collector, columnar).words}")
            _show(smaller)
        others = ", ".join(case.name for case, _ in tally.different[_MOST_SHRUNK:])
        if others:
            print(f"\nalso different: {others}")
    return int(bool(tally.different))


def _progress(total: int) -> Callable[[Case, Outcome], None]:
    done, told = [0], [time.monotonic()]

    def hear(_case: Case, _outcome: Outcome) -> None:
        done[0] += 1
        if time.monotonic() - told[0] > 2:
            told[0] = time.monotonic()
            print(f"\r{done[0]:,} of {total:,} cases", end="", file=sys.stderr, flush=True)

    return hear


def _summary(tally: Tally, *, every: bool) -> None:
    for agreement, count in sorted(tally.agreements.items()):
        print(f"{count:>8,}  {agreement}")
    print("\nwhat was refused by name:")
    for reason, count in tally.reasons.most_common(40):
        print(f"{count:>8,}  {reason}")
    print("\nfeature: cases that the collector accepts, and of these refused by name")
    for name, count in sorted(tally.used.items()):
        refused = tally.refused[name]
        if every or 2 * refused > count:
            print(f"{count:>8,} {refused:>7,}  {name}{'   mostly refused' if 2 * refused > count else ''}")
    print(f"{len(tally.used)} features used")


def _show(case: Case) -> None:
    print(json.dumps(case.processors, ensure_ascii=False, indent=1))
    print(f"on {len(case.capture.batches)} requests, {len(case.capture.points)} points:")
    if len(case.capture.points) <= _MOST_SHOWN:
        print(b"".join(write_lines(case.capture)).decode())


if __name__ == "__main__":
    sys.exit(main())
