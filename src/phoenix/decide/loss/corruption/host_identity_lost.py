"""Series that no longer say which host they are from: the same series of every host becomes one in the backend."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.loss.model import Corruption, CorruptionKind
from phoenix.decide.loss.observed import Observed
from phoenix.decide.loss.pairing import Pairing
from phoenix.decide.loss.process import HOST_KEYS
from phoenix.decide.loss.words import series_text


def host_identity_lost(pairing: Pairing, declared: Sequence[str] = ()) -> list[Corruption]:
    """Return one finding for each metric; `count` is the series without a host.

    A series lost its host when it has neither `host.name` nor `host.id`, was not so in the input, and its metric had
    one of them there; or when it lacks a resource attribute that the template declares to set (`declared`).
    """
    before, after = pairing.before, pairing.after
    had_host = np.zeros(len(pairing.names), np.bool_)
    had_host[pairing.name_before[~_without(before, HOST_KEYS, any_of=True)]] = True
    lost = _without(after, HOST_KEYS, any_of=True) & ~pairing.exact_after & had_host[pairing.name_after]
    if declared:
        lost |= _without(after, declared, any_of=False)
    by_name = np.bincount(pairing.name_after[lost], minlength=len(pairing.names))
    return [_finding(pairing, int(name), int(by_name[name]), lost, declared) for name in np.flatnonzero(by_name)]


def _without(observed: Observed, keys: Sequence[str], *, any_of: bool) -> NDArray[np.bool_]:
    """Return bool[S]: the resource has none of `keys`, or, unless one is enough, lacks one of them."""

    def lacks(resource: Mapping[str, object]) -> bool:
        has = [key in resource for key in keys]
        return not any(has) if any_of else not all(has)

    table = np.zeros(len(observed.capture.resources.values), np.bool_)
    for row, resource in observed.resources.items():
        table[row] = lacks(resource)
    return table[observed.resource]


def _finding(pairing: Pairing, name: int, count: int, lost: NDArray[np.bool_], declared: Sequence[str]) -> Corruption:
    first = int(np.flatnonzero(lost & (pairing.name_after == name))[0])
    keys = " and ".join(declared) if declared else "host.name or host.id"
    return Corruption(
        CorruptionKind.HOST_IDENTITY_LOST,
        pairing.names[name],
        count,
        f"{series_text(pairing.after, first)} comes without {keys}",
        "Without the host's identity the series of all hosts become one in the backend, and their values overwrite "
        "each other.",
    )
