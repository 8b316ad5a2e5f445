"""What became of the series that did not arrive as they were: dropped, folded, or missing against the declaration."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from phoenix.collector.catalogue.fold_map import Fate, FoldMap
from phoenix.decide.loss.account import Account
from phoenix.decide.loss.balance import balance
from phoenix.decide.loss.model import Corruption, Dropped, Folded, Missing
from phoenix.decide.loss.pairing import Pairing
from phoenix.decide.loss.words import count_text, series_text

_FATES = (Fate.KEPT, Fate.FOLDED, Fate.DROPPED)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a fold map makes of an account."""

    dropped: Dropped
    folded: Folded
    missing: tuple[Missing, ...]
    grown: tuple[Corruption, ...]


def judge(account: Account, declared: FoldMap) -> Judged:
    """Return what was dropped and folded as declared, and what is missing or too much against the declaration.

    A series that stayed is kept whatever is declared.
    """
    fates = _fates(account.pairing, declared)
    missing = account.pairing.missing
    kept, folded, dropped = (fates == number for number in range(len(_FATES)))
    books = balance(account, folded)
    return Judged(
        dropped=account.gone(missing & dropped),
        folded=books.folded(),
        missing=(*_undeclared(account.pairing, missing & kept), *books.missing()),
        grown=books.grown(),
    )


def _fates(pairing: Pairing, declared: FoldMap) -> NDArray[np.int8]:
    """Return int8[series before], row of `_FATES`. Patterns are asked once a distinct resource."""
    before = pairing.before
    key, inverse = np.unique(
        before.resource.astype(np.int64) * len(pairing.names) + pairing.name_before, return_inverse=True
    )
    rules = {row: _rules_for(resource, declared) for row, resource in before.resources.items()}
    known: dict[tuple[FoldMap, int], int] = {}
    answers = np.zeros(len(key), np.int8)
    for place, (row, number) in enumerate(zip(*divmod(key, len(pairing.names)), strict=True)):
        question = (rules[int(row)], int(number))
        if question not in known:
            known[question] = _FATES.index(question[0].fate({}, pairing.names[number]))
        answers[place] = known[question]
    return answers[inverse]


def _rules_for(resource: Mapping[str, object], declared: FoldMap) -> FoldMap:
    """Return the rules whose patterns match a resource, without their patterns: they ask for the metric only."""
    matching = (
        rule for rule in declared.rules if not rule.processes or any(one.matches(resource) for one in rule.processes)
    )
    return FoldMap(tuple(replace(rule, processes=()) for rule in matching))


def _undeclared(pairing: Pairing, absent: NDArray[np.bool_]) -> list[Missing]:
    by_name = np.bincount(pairing.name_before[absent], minlength=len(pairing.names))
    return [
        Missing(
            metric=pairing.names[name],
            series=int(by_name[name]),
            example=series_text(pairing.before, int(np.flatnonzero(absent & (pairing.name_before == name))[0])),
            why=f"{count_text(int(by_name[name]), 'series', 'series')} declared to be kept did not arrive.",
        )
        for name in np.flatnonzero(by_name)
    ]
