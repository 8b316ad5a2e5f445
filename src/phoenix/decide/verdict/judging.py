"""The verdict of paired windows. Called by control/experiments at every step, and by `phoenix verify`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from phoenix.decide.arms.guardrails.model import Guardrail, GuardrailState
from phoenix.decide.arms.loss import LiveLoss, live_loss
from phoenix.decide.arms.model import PairedWindow, Pairing
from phoenix.decide.loss.model import CorruptionKind
from phoenix.decide.loss.words import clock_text, count_text
from phoenix.decide.verdict.beyond import Beyond, beyond
from phoenix.decide.verdict.estimand import period_of
from phoenix.decide.verdict.figures import figures_of
from phoenix.decide.verdict.measuring import Measured, losses, no_saving, saving
from phoenix.decide.verdict.model import LossShown, Margin, Saving, Verdict
from phoenix.decide.verdict.money import MoneySaved, dropped_share, money_saved
from phoenix.decide.verdict.question import Measure, Question
from phoenix.decide.verdict.table import Facts, decide

_NOTHING: Final = "No window of both arms is complete yet."
# A guardrail that speaks of silence; every other one speaks of harm.
_SILENCE: Final = "no_data"
# What can only be said of arms that saw the same scrapes.
_OF_PAIRS: Final = frozenset({CorruptionKind.TOTAL_GREW, CorruptionKind.VALUE_CHANGED})


def verdict(pairing: Pairing, question: Question) -> Verdict:
    """Return the verdict. The order of windows and hosts does not matter, and it may be asked after every window."""
    pairs = sorted(pairing.pairs, key=lambda it: (it.start, it.host))
    pairing = replace(pairing, pairs=tuple(pairs))
    period = period_of(pairing)
    silent = _silence(pairs, question.guardrails)
    loss = _loss(pairs, question)
    measured = Measured(pairs, figures_of(pairs, question), period, question)
    savings = {it: no_saving(question, it, silent) if silent else saving(measured, it) for it in Measure}
    shown = losses(measured) if pairs else ()
    facts = _facts(pairs, question, savings, shown, silent)
    row, reason = decide(replace(facts, damaged=_damage(pairs, loss, question)))
    return Verdict(
        outcome=row.outcome,
        rule=row.name,
        reason=reason,
        measure=question.measure,
        savings=savings,
        losses=shown,
        period=period,
        unpaired=question.unpaired,
        beyond=Beyond(None, None, silent) if silent else beyond(pairs, period, question),
        money=_money(pairs, question, savings, loss),
        guardrails=question.guardrails,
        loss=loss.as_dict(),
        windows=tuple(figures.as_dict() for figures in measured.figures),
        configs=dict(question.configs),
    )


def _silence(pairs: Sequence[PairedWindow], guardrails: Sequence[Guardrail]) -> str:
    tripped = [it for it in guardrails if it.state is GuardrailState.TRIPPED and it.name == _SILENCE]
    return tripped[0].reason if tripped else "" if pairs else _NOTHING


def _loss(pairs: Sequence[PairedWindow], question: Question) -> LiveLoss:
    found = live_loss(pairs, declared=question.declared, values_stay=question.values_stay)
    if not question.unpaired:
        return found
    own = tuple(it for it in found.corrupted if it.kind not in _OF_PAIRS)
    return replace(found, corrupted=own, undeclared_missing=0)


def _damage(pairs: Sequence[PairedWindow], loss: LiveLoss, question: Question) -> str:
    """Return the worst that the candidate did to its stream or its collector; empty when nothing."""
    if lost := _critical_lost(pairs, question):
        return lost
    if loss.corrupted:
        worst = loss.corrupted[0]
        return f"{worst.kind.value}, {worst.count:,} times: {worst.example}. {worst.why}"
    if loss.undeclared_missing:
        return f"{count_text(loss.undeclared_missing, 'series', 'series')} that the template declares to keep are gone."
    tripped = [it for it in question.guardrails if it.state is GuardrailState.TRIPPED and it.name != _SILENCE]
    return tripped[0].reason if tripped else ""


def _critical_lost(pairs: Sequence[PairedWindow], question: Question) -> str:
    """Return which critical process is lost: in any window of paired arms; for ever where the arms are unpaired."""
    if question.unpaired:
        had = {pattern for pair in pairs for pattern, count in pair.baseline.critical.items() if count}
        has = {pattern for pair in pairs for pattern, count in pair.candidate.critical.items() if count}
        gone = sorted(had - has)
        return f"No process that {gone[0]!r} names is in the candidate." if gone else ""
    for pair in pairs:
        for pattern, expected in sorted(pair.baseline.critical.items()):
            lost = expected - pair.candidate.critical.get(pattern, 0)
            if lost > 0:
                return (
                    f"{lost} of {count_text(expected, 'process', 'processes')} that {pattern!r} names are missing from "
                    f"the candidate in the window at {clock_text(pair.start)} on host {pair.host}."
                )
    return ""


def _facts(
    pairs: Sequence[PairedWindow],
    question: Question,
    savings: dict[Measure, Saving],
    shown: Sequence[LossShown],
    silent: str,
) -> Facts:
    missing = [it for it in shown if it.name == "missing" and it.stands is Margin.OPEN]
    unproved = [it for it in shown if it.name != "missing" and it.stands is Margin.OPEN]
    above = [it for it in shown if it.stands is Margin.ABOVE]
    deciding = savings[question.measure]
    return Facts(
        silent=silent,
        lossy=_loss_text(above[0], "is above its margin") if above else "",
        grows=_growth(question, savings),
        missing=missing[0].reason if missing else "",
        unproved=_loss_text(unproved[0], "is not yet shown to be below its margin") if unproved else "",
        unknown="" if deciding.interval else f"{question.measure.value}: {deciding.reason}",
        saves=_saves(question.measure, deciding),
        same=_sameness(question, savings),
        alone=_alone(pairs, question),
        open=_open(question.measure, deciding),
    )


def _growth(question: Question, savings: dict[Measure, Saving]) -> str:
    for measure, saved in savings.items():
        bound = 0.0 if measure is question.measure else -question.thresholds.margin
        if saved.interval and saved.interval.high < bound:
            return f"The candidate has more {measure.value} than the baseline: {_interval_text(saved)}."
    return ""


def _saves(measure: Measure, saved: Saving) -> str:
    if saved.interval is None or saved.interval.low <= saved.threshold:
        return ""
    return f"The candidate saves {measure.value}: {_interval_text(saved)}, above {saved.threshold:.1%}."


def _sameness(question: Question, savings: dict[Measure, Saving]) -> str:
    margin = question.thresholds.margin
    same = all(saved.interval is not None and saved.interval.within(margin) for saved in savings.values())
    saved = savings[question.measure]
    return (
        f"All measures differ by less than {margin:.1%}; {question.measure.value}: {_interval_text(saved)}."
        if same
        else ""
    )


def _alone(pairs: Sequence[PairedWindow], question: Question) -> str:
    if not question.unpaired or len({pair.host for pair in pairs}) > 1:
        return ""
    return f"One host cannot show that arms are the same which did not see the same scrapes: {question.unpaired}"


def _open(measure: Measure, saved: Saving) -> str:
    if saved.interval is None:
        return ""
    return f"The interval is still too wide for a verdict; {measure.value}: {_interval_text(saved)}."


def _interval_text(saved: Saving) -> str:
    assert saved.interval is not None  # noqa: S101 - asked only of what is measured
    return (
        f"{saved.value:.1%} saved, {saved.interval.low:.1%} to {saved.interval.high:.1%} after {saved.windows} windows"
    )


def _loss_text(loss: LossShown, stands: str) -> str:
    return f"{loss.name} of {loss.value:.2%} {stands} of {loss.margin:.2%}. {loss.reason}"


def _money(
    pairs: Sequence[PairedWindow], question: Question, savings: dict[Measure, Saving], loss: LiveLoss
) -> tuple[MoneySaved, ...]:
    told = loss.as_dict()
    series = (
        len({(pair.host, int(it)) for pair in pairs for it in pair.baseline.series.hashes}) if question.prices else 0
    )
    points = sum(pair.baseline.points for pair in pairs)
    return tuple(
        money_saved(price, interval, dropped_share(told, series, points, price))
        for price in question.prices
        if (interval := savings[price.measure].interval) is not None
    )
