"""Parting lists of statements that have nothing to do with each other, so that each part runs in its own way."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from phoenix.engine.reshaping.registry import RESHAPERS
from phoenix.engine.statements.cells import Cell, reads_of, reads_of_statement, touches, writes_of_statement
from phoenix.engine.statements.group import Group

Place = tuple[int, int]
"""A statement: its group, and where it stands in it."""


def parted(groups: Sequence[Group]) -> list[list[Group]]:
    """Return the groups in parts, none of which reads or writes what another one writes.

    A group is in every part that has a statement of it, with its conditions, which no part changes for another. Parts
    that make metrics come first: the statements of the others run for those metrics, too.
    """
    places = [(number, at) for number, group in enumerate(groups) for at in range(len(group.statements))]
    part = {place: {place} for place in places}
    for one, other in combinations(places, 2):
        if part[one] is not part[other] and _meet(groups, one, other):
            _unite(part, (one, other))
    for number, group in enumerate(groups):
        read = [cell for condition in group.conditions for cell in reads_of(condition.expression)]
        changing = [place for place in places if touches(_writes(groups, place), read)]
        if changing:
            _unite(part, [*changing, *(place for place in places if place[0] == number)])
    found: list[set[Place]] = []
    for place in places:
        if part[place] not in found:
            found.append(part[place])
    made = [_with_only(groups, chosen) for chosen in found]
    return sorted(made, key=lambda some: not any(makes_metrics(group) for group in some))


def makes_metrics(group: Group) -> bool:
    """Return whether a list calls a metric function."""
    return any(statement.editor.name in RESHAPERS for statement in group.statements)


def _meet(groups: Sequence[Group], one: Place, other: Place) -> bool:
    return any(
        touches(_writes(groups, first), [*_reads(groups, second), *_writes(groups, second)])
        for first, second in ((one, other), (other, one))
    )


def _reads(groups: Sequence[Group], place: Place) -> Iterable[Cell]:
    return reads_of_statement(groups[place[0]].statements[place[1]])


def _writes(groups: Sequence[Group], place: Place) -> Iterable[Cell]:
    return writes_of_statement(groups[place[0]].statements[place[1]])


def _unite(part: dict[Place, set[Place]], places: Iterable[Place]) -> None:
    together = set[Place]().union(*(part[place] for place in places))
    for place in together:
        part[place] = together


def _with_only(groups: Sequence[Group], chosen: set[Place]) -> list[Group]:
    made = []
    for number, group in enumerate(groups):
        statements = [it for at, it in enumerate(group.statements) if (number, at) in chosen]
        if statements:
            made.append(replace(group, statements=statements))
    return made
