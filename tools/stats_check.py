"""How often verdicts are false, and how soon they are true: simulated experiments with a look after every window.

`./dev stats-check` takes minutes and ends with 1 when a rate of false verdicts is above 5 % by more than simulation
explains. A smaller one is a test.
"""

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.stats.check import Line, allowed, lines  # noqa: E402 the path comes first
from tests.support.stats.planning import plans  # noqa: E402 the path comes first
from tests.support.stats.power import EFFECTS, METHODS, powers  # noqa: E402 the path comes first


def main() -> int:
    """Print the tables; 1 when a verdict is false too often."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--experiments", type=int, default=2000, help="of each kind (default: %(default)s)")
    parser.add_argument("--windows", type=int, default=500, help="of each, one look a window (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7, help="of the generator (default: %(default)s)")
    arguments = parser.parse_args()
    begun = time.process_time()
    found = false_verdicts(arguments.experiments, arguments.windows, arguments.seed)
    power(arguments.experiments // 4, arguments.windows, arguments.seed)
    planned(arguments.experiments // 20, arguments.seed)
    too_often = [line for line in found if line.product is not None and line.product > allowed(arguments.experiments)]
    print(f"\n{time.process_time() - begun:.0f} s of processor time")
    for line in too_often:
        print(f"FALSE TOO OFTEN: {line.kind}, {line.claim}: {line.product:.1%}")
    return 1 if too_often else 0


def false_verdicts(experiments: int, windows: int, seed: int) -> list[Line]:
    """Print and return the rates of false verdicts."""
    print(
        f"False `better` or `worse`, {experiments:,} experiments of {windows} windows without a true effect each, in %"
    )
    print(f"(allowed 5.0, which {experiments:,} experiments show as {100 * allowed(experiments):.1f} at most)\n")
    print(
        f"{'kind of data':36}{'claim':36}{'verdict':>9}{'formula':>9}{'peeking':>9}{'t once':>9}  what the verdict does"
    )
    found = []
    for line in lines(experiments, windows, seed):
        product = "-" if line.product is None else f"{100 * line.product:.1f}"
        rates = "".join(f"{100 * rate:9.1f}" for rate in (line.formula, line.peeking, line.once))
        print(f"{line.kind:36}{line.claim:36}{product:>9}{rates}  {line.note}", flush=True)
        found.append(line)
    return found


def power(experiments: int, windows: int, seed: int) -> None:
    """Print how soon effects are shown."""
    print(f"\nShown `better` within {windows} windows, in % of {experiments:,} experiments (median of windows needed)")
    known = {(it.kind, it.effect, it.method): it for it in powers(experiments, windows, seed)}
    for kind in dict.fromkeys(key[0] for key in known):
        print(f"\n{kind:24}" + "".join(f"{effect:>14.0%}" for effect in EFFECTS))
        for method in METHODS:
            cells = [known[kind, effect, method] for effect in EFFECTS]
            texts = [f"{100 * it.shown:.0f} ({it.windows or '-'})" for it in cells]
            print(f"{method:24}" + "".join(f"{text:>14}" for text in texts))


def planned(experiments: int, seed: int) -> None:
    """Print what the planner asked for beside what was needed."""
    print("\nPlanner: windows for +-10 %, planned from 60 windows of a pilot, and needed (medians)")
    for plan in plans(experiments, seed):
        print(f"{plan.kind:24}{plan.planned:>8}{plan.needed:>8}   within what was planned: {100 * plan.enough:.0f} %")


if __name__ == "__main__":
    sys.exit(main())
