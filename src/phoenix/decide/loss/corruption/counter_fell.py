"""A cumulative counter that falls without a new start time: backends read a reset and add the whole remainder."""

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.loss.falls import falls
from phoenix.decide.loss.model import Corruption, CorruptionKind
from phoenix.decide.loss.pairing import Pairing
from phoenix.decide.loss.words import clock_text, series_text

_WHY = (
    "A backend takes a falling counter for a restart and adds its whole value once more: rates show spikes that never "
    "happened. It falls because values of a changing set of processes were added up, or put under one identity."
)


def counter_fell(pairing: Pairing) -> list[Corruption]:
    """Return one finding for each metric with falls; `count` is the points that fell.

    A series that fell in the input already, or whose start time went back there, is not judged.
    """
    after = pairing.after
    rows, fell, _ = falls(after)
    suspects = np.zeros(len(after), np.bool_)
    suspects[after.series[rows[fell]]] = True
    if not suspects.any():
        return []
    suspects[_unclean_in_input(pairing)] = False
    counted = fell & suspects[after.series[rows]]
    by_name = np.bincount(pairing.name_after[after.series[rows[counted]]], minlength=len(pairing.names))
    return [_finding(pairing, int(name), int(by_name[name]), rows, counted) for name in np.flatnonzero(by_name)]


def _unclean_in_input(pairing: Pairing) -> NDArray[np.bool_]:
    rows, fell, older = falls(pairing.before)
    unclean = np.zeros(len(pairing.before), np.bool_)
    unclean[pairing.before.series[rows[fell | older]]] = True
    return pairing.carried(unclean)


def _finding(
    pairing: Pairing, name: int, count: int, rows: NDArray[np.int64], counted: NDArray[np.bool_]
) -> Corruption:
    after = pairing.after
    places = np.flatnonzero(counted & (pairing.name_after[after.series[rows]] == name))
    drops = after.numbers[rows[places - 1]] - after.numbers[rows[places]]
    worst = places[int(np.argmax(drops))]
    here, previous = int(rows[worst]), int(rows[worst - 1])
    return Corruption(
        CorruptionKind.COUNTER_FELL,
        pairing.names[name],
        count,
        f"at {clock_text(int(after.time[here]))} the counter {series_text(after, int(after.series[here]))} fell from "
        f"{after.numbers[previous]:g} to {after.numbers[here]:g} without a new start time",
        _WHY,
    )
