"""The loss of a change: two captures in, everything that became of the first one's telemetry out."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.decide.loss.account import Account
from phoenix.decide.loss.corruption.counter_fell import counter_fell
from phoenix.decide.loss.corruption.duplicate_identity import duplicate_identity
from phoenix.decide.loss.corruption.host_identity_lost import host_identity_lost
from phoenix.decide.loss.corruption.temporality import temporality
from phoenix.decide.loss.corruption.total_grew import total_grew
from phoenix.decide.loss.corruption.value_changed import value_changed
from phoenix.decide.loss.fates import judge
from phoenix.decide.loss.model import Corruption, CorruptionKind, Loss
from phoenix.decide.loss.observed import Observed, observe
from phoenix.decide.loss.pairing import Pairing, pair
from phoenix.decide.loss.traced import split
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.lineage import Origins

_ORDER = {kind: place for place, kind in enumerate(CorruptionKind)}


def assess_loss(
    before: Capture | Observed,
    after: Capture | Observed,
    *,
    declared: FoldMap | None = None,
    exporters: Sequence[str] = (),
    host_attributes: Sequence[str] = (),
    changed_metrics: AbstractSet[str] = frozenset(),
    origins: Origins | None = None,
) -> Loss:
    """Return what the output of a pipeline lost of its input.

    The result does not depend on the order of points, nodes or requests. An identical output loses nothing; an output
    that is a part of the input is never corrupted by it.

    Args:
        before: what went in.
        after: what the exporters would have got.
        declared: the fold map of a catalogue template; None for a config nobody annotated, whose dropped and folded
            series only `origins` tell apart.
        exporters: component ids or types of the exporters that get the output.
        host_attributes: resource attributes that the template declares to set on everything.
        changed_metrics: names of metrics whose values the config declares to change.
        origins: which points of `before` those of `after` came from: tells dropped from folded where nothing is
            declared; None when nobody knows.
    """
    return assess_pairing(
        pair(observe(before), observe(after)),
        declared=declared,
        exporters=exporters,
        host_attributes=host_attributes,
        changed_metrics=changed_metrics,
        origins=origins,
    )


def assess_pairing(
    pairing: Pairing,
    *,
    declared: FoldMap | None = None,
    exporters: Sequence[str] = (),
    host_attributes: Sequence[str] = (),
    changed_metrics: AbstractSet[str] = frozenset(),
    origins: Origins | None = None,
) -> Loss:
    """Return the loss of two captures whose series are matched already; the arguments are those of `assess_loss`."""
    account = Account.of(pairing)
    judged = None if declared is None else judge(account, declared)
    dropped, folded = (judged.dropped, judged.folded) if judged else (None, None)
    if judged is None and origins is not None:
        dropped, folded = split(account, origins)
    corrupted = [
        *duplicate_identity(pairing),
        *counter_fell(pairing),
        *temporality(pairing, exporters),
        *host_identity_lost(pairing, host_attributes),
        *value_changed(pairing, changed_metrics),
        *_one_a_metric([*total_grew(pairing, account.before, account.after), *(judged.grown if judged else ())]),
    ]
    return Loss(
        corrupted=tuple(sorted(corrupted, key=lambda one: (_ORDER[one.kind], -one.count, one.metric, one.example))),
        undeclared_missing=judged.missing if judged else (),
        dropped=dropped,
        folded=folded,
        dropped_or_folded=account.gone(pairing.missing) if dropped is None else None,
        made=int(np.count_nonzero(pairing.made)),
        thinned=account.thinned(),
        reidentified=int(np.count_nonzero(pairing.reidentified)),
    )


def _one_a_metric(grown: list[Corruption]) -> list[Corruption]:
    return list({one.metric: one for one in reversed(grown)}.values())
