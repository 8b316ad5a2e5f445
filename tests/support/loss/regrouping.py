"""What pipelines make of process records, imitated: the naive regrouping, and folding done right.

Imitations, so that unit tests need no collector; the catalogue's integration tests run the real processors.
"""

from collections import defaultdict
from collections.abc import Iterable

from tests.support.loss.records import DELTA, Form, Record

PERSONAL = frozenset({"process.pid", "process.command_line"})


def anonymous(record: Record) -> Record:
    """The record without what only one process has."""
    return record.without(*PERSONAL)


def regrouped(records: Iterable[Record]) -> list[Record]:
    """What groupbyattrs does with the pid gone: processes share an identity and nothing is added."""
    return [anonymous(record) for record in records]


def folded(records: Iterable[Record], *, temporality: int = DELTA) -> list[Record]:
    """What cumulative_to_delta, one time a scrape, and aggregate_on_attributes("sum") do, scrape by scrape.

    Records must be in the order of time, with at least a second between scrapes. The first point of a counter older
    than the first record is dropped, as `initial_value: auto` does.
    """
    records = list(records)
    begun = records[0].time if records else 0
    groups: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    previous: dict[tuple[object, ...], Record] = {}
    for record in records:
        if record.form.type == "sum" and record.form.monotonic:
            stream = (record.form.name, *_said(record.resource), *_said(record.attributes), record.start)
            before = previous.get(stream)
            previous[stream] = record
            if before is None and record.start < begun:
                continue
            step = record.value - before.value if before else record.value  # type: ignore[operator]
            record = record.but(value=step, form=_as_delta(record.form))  # noqa: PLW2901 - the point as it travels on
        second = record.time // 1_000_000_000
        groups[record.form, *_said(anonymous(record).resource), *_said(record.attributes), second].append(record)
    return _cumulated([_summed(members) for members in groups.values()], temporality)


def _summed(members: list[Record]) -> Record:
    at = members[0].time // 1_000_000_000 * 1_000_000_000
    total = sum(member.value or 0 for member in members)
    return anonymous(members[0]).but(value=total, time=at, start=at - 1)


def _cumulated(records: list[Record], temporality: int) -> list[Record]:
    if temporality == DELTA:
        return records
    running: dict[tuple[object, ...], Record] = {}
    made = []
    for record in records:
        if record.form.temporality == DELTA:
            key = (record.form.name, *_said(record.resource), *_said(record.attributes))
            before = running.get(key)
            total = record.value + before.value if before else record.value  # type: ignore[operator]
            record = record.but(  # noqa: PLW2901 - the point as it travels on
                value=total,
                start=before.start if before else record.start,
                form=Form(record.form.name, temporality=temporality, unit=record.form.unit),
            )
            running[key] = record
        made.append(record)
    return made


def _as_delta(form: Form) -> Form:
    return Form(form.name, temporality=DELTA, unit=form.unit)


def _said(attributes: object) -> tuple[object, ...]:
    return tuple(sorted(attributes.items()))  # type: ignore[attr-defined]
