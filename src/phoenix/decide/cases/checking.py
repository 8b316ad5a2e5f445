"""Whether what came out is what a case expects: every expectation that does not hold, with the difference."""

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from phoenix.core.errors import PhoenixError
from phoenix.decide.cases.model import Expectation, Failure, PipelineCase, Selector, TotalExpected
from phoenix.decide.loss.observed import Observed
from phoenix.decide.report import Measured, PipelineReport, compare
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.diff import DifferenceKind, diff
from phoenix.telemetry.values import Attributes, MetricValue

_MOST_LINES = 20


def check(case: PipelineCase, answer: Capture | PhoenixError) -> list[Failure]:
    """Return what does not hold, in the order of the keys of a case.

    Args:
        case: what went in, and what is expected.
        answer: what the exporters would have got, or why there is nothing.
    """
    expect = case.expect
    if isinstance(answer, PhoenixError):
        return _check_error(expect, answer)
    if expect.fails is not None:
        return [Failure("fails", f"it was to fail with {expect.fails!r}, and gave {len(answer.points)} points")]
    before, after = Measured.of(case.capture), Measured.of(answer)
    report = compare(case.name, before, after, critical=expect.critical)
    return [
        *_counts(expect, before, after, report),
        *(failure for selector in expect.kept for failure in _kept(selector, before.observed, after.observed)),
        *(failure for selector in expect.dropped for failure in _dropped(selector, before.observed, after.observed)),
        *(failure for total in expect.totals for failure in _total(total, before, after)),
        *_harm(expect, report),
        *_output(expect, answer),
    ]


def _check_error(expect: Expectation, error: PhoenixError) -> list[Failure]:
    if expect.fails is None:
        return [Failure("run", error.message, [error.user_action])]
    if expect.fails in error.message:
        return []
    return [Failure("fails", f"it was to fail with {expect.fails!r}, and failed with: {error.message}")]


def _counts(expect: Expectation, before: Measured, after: Measured, report: PipelineReport) -> Iterator[Failure]:
    was, now = before.measurement, after.measurement
    for key, bounds in expect.counts.items():
        if not bounds.hold(getattr(now, key)):
            yield Failure(key, f"expected {bounds} {key}, got {getattr(now, key)} of {getattr(was, key)}")
    for key, bounds in expect.saved.items():
        saved = report.saving_percent[key]
        if saved is None or not bounds.hold(saved):
            yield Failure(f"saved_percent.{key}", f"expected {bounds} %, got {_percent(saved)}")
    for (name, key), bounds in expect.metrics.items():
        count = getattr(now.metrics.get(name), key, 0)
        if not bounds.hold(count):
            yield Failure(f"metrics.{name}.{key}", f"expected {bounds} {key} of {name}, got {count}")


def _percent(saved: float | None) -> str:
    return "nothing, for the input is empty" if saved is None else f"{saved:.2f} %"


def _kept(selector: Selector, before: Observed, after: Observed) -> Iterator[Failure]:
    meant = _meant(selector, before)
    if not meant.any():
        yield Failure("kept", f"nothing in the input is {selector.text}, so keeping it proves nothing")
        return
    gone = meant & ~np.isin(before.hashes, after.hashes)
    if gone.any():
        words = f"{int(gone.sum())} of {int(meant.sum())} series that are {selector.text} are gone"
        yield Failure("kept", words, _lines("-", before, gone))


def _dropped(selector: Selector, before: Observed, after: Observed) -> Iterator[Failure]:
    if not _meant(selector, before).any():
        yield Failure("dropped", f"nothing in the input is {selector.text}, so dropping it proves nothing")
        return
    left = _meant(selector, after)
    if left.any():
        yield Failure("dropped", f"{int(left.sum())} series are still {selector.text}", _lines("+", after, left))


def _meant(selector: Selector, observed: Observed) -> NDArray[np.bool_]:
    return np.array([selector.matches(*_parts(observed, row)) for row in range(len(observed))], dtype=np.bool_)


def _parts(observed: Observed, row: int) -> tuple[Attributes, MetricValue, Attributes]:
    return observed.resource_of(row), observed.metric_of(row), observed.attributes_of(row)


def _lines(sign: str, observed: Observed, which: NDArray[np.bool_]) -> list[str]:
    rows = np.flatnonzero(which)
    lines = []
    for row in rows[:_MOST_LINES].tolist():
        resource, metric, attributes = _parts(observed, row)
        lines.append(f"{sign} {metric.name} {dict(attributes)} of {dict(resource)}")
    if len(rows) > _MOST_LINES:
        lines.append(f"{sign} ... and {len(rows) - _MOST_LINES} more")
    return lines


def _total(expected: TotalExpected, before: Measured, after: Measured) -> Iterator[Failure]:
    was, now = (measured.measurement.totals.get(expected.metric) for measured in (before, after))
    wanted = Decimal(str(was)) if expected.value is None and was is not None else expected.value
    if wanted is None:
        yield Failure(f"totals.{expected.metric}", f"the input has no total of {expected.metric}")
    elif now is None:
        yield Failure(f"totals.{expected.metric}", f"expected {wanted}, and the output has no total of it")
    elif abs(Decimal(str(now)) - wanted) > expected.tolerance * abs(wanted):
        yield Failure(f"totals.{expected.metric}", f"expected {wanted}, got {now}")


def _harm(expect: Expectation, report: PipelineReport) -> Iterator[Failure]:
    critical = report.critical
    if critical.kept < critical.expected:
        words = f"{critical.kept} of {critical.expected} critical processes are kept"
        yield Failure("critical_processes", words)
    if expect.critical and not critical.expected:
        yield Failure("critical_processes", "no process of the input is named, so keeping it proves nothing")
    if not expect.corrupted:
        for damage in report.loss.corrupted:
            words = f"{damage.kind.value}: {damage.count} of {damage.metric}: {damage.why}"
            yield Failure("corrupted", words, [f"+ {damage.example}"])


def _output(expect: Expectation, answer: Capture) -> Iterator[Failure]:
    if expect.output is None:
        return
    found = diff(expect.output, answer, limit=_MOST_LINES)
    if not found.equal:
        counts = ", ".join(f"{count} {kind.value.replace('_', ' ')}" for kind, count in found.counts.items())
        signs = {DifferenceKind.MISSING: "-", DifferenceKind.EXTRA: "+"}
        lines = [f"{signs.get(it.kinds[0], '~')} {it.series}: {it.words}" for it in found.differences]
        yield Failure("output", f"the output differs in {counts}", lines)
