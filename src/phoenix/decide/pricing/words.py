"""Why one change saves so differently at different vendors, in one sentence."""

from collections.abc import Mapping

from phoenix.decide.pricing.cost import saving_percent
from phoenix.decide.pricing.saving import Saving


def why_they_differ(savings: Mapping[str, Saving]) -> str:
    """Return one sentence: what each kind of meter counts, and how much less of it there is; empty if none is known."""
    priced = {name: it for name, it in savings.items() if not it.after.if_billed.nothing_known}
    kinds: dict[tuple[str, float], list[str]] = {}
    for name, saving in (priced or savings).items():
        percent = _units_saved(saving)
        if percent is not None:
            kinds.setdefault((saving.after.charges[0].counts, round(percent, 1)), []).append(name)
    if not kinds:
        return ""
    parts = [f"{counts} {_moved(percent)} ({', '.join(names)})" for (counts, percent), names in kinds.items()]
    if len({percent for _, percent in kinds}) == 1:
        said = f"Vendors count different things, and here all of them move alike: {'; '.join(parts)}"
    else:
        said = f"Vendors differ because they count different things: {'; '.join(parts)}"
    return f"{said}."


def _units_saved(saving: Saving) -> float | None:
    before, after = (side.charges[0].if_billed.likely for side in (saving.before, saving.after))
    return saving_percent(before, after)


def _moved(percent: float) -> str:
    if not percent:
        return "stay"
    return f"{'fall' if percent > 0 else 'rise'} by {abs(percent):g} %"
