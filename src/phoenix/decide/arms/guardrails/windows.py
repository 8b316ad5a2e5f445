"""Guardrails that look at what arrived: critical processes, damage, and whether anything arrives at all."""

from typing import Final

from phoenix.core.ids import HostId
from phoenix.decide.arms.guardrails.counts import by_host
from phoenix.decide.arms.guardrails.model import Guardrail, GuardrailState, Situation
from phoenix.decide.arms.model import NoData, NoDataKind
from phoenix.decide.loss.words import clock_text, count_text


def critical_processes(situation: Situation) -> Guardrail:
    """Trip on a critical process that the baseline's window has and the candidate's has not."""
    name = "critical_processes"
    for pair in situation.pairing.pairs:
        for pattern, expected in sorted(pair.baseline.critical.items()):
            kept = pair.candidate.critical.get(pattern, 0)
            if kept < expected:
                reason = (
                    f"{expected - kept} of {count_text(expected, 'process', 'processes')} that {pattern!r} names are "
                    f"missing from the candidate in the window at {clock_text(pair.start)} on host {pair.host}."
                )
                return Guardrail(name, GuardrailState.TRIPPED, reason, pair.host, pair.start)
    if not situation.pairing.pairs:
        return Guardrail(name, GuardrailState.NO_DATA, "No window is complete yet.")
    return Guardrail(name, GuardrailState.OK, "Every critical process of the baseline is in the candidate.")


def corruption(situation: Situation) -> Guardrail:
    """Trip on damage that the baseline's stream does not have."""
    name = "corruption"
    if situation.loss.corrupted:
        worst = situation.loss.corrupted[0]
        of = f" of {worst.metric}" if worst.metric else ""
        reason = f"{worst.kind.value}{of}, {worst.count:,} times: {worst.example}. {worst.why}"
        return Guardrail(name, GuardrailState.TRIPPED, reason)
    if situation.loss.undeclared_missing:
        missing = count_text(situation.loss.undeclared_missing, "series", "series")
        return Guardrail(name, GuardrailState.TRIPPED, f"{missing} that the template declares to keep are missing.")
    if not situation.pairing.pairs:
        return Guardrail(name, GuardrailState.NO_DATA, "No window is complete yet.")
    return Guardrail(name, GuardrailState.OK, "The candidate's stream has no damage that the baseline's has not.")


# What the meter was not handed, and its own gaps, are ours: they are waited out and never end an experiment.
_OURS: Final = frozenset({NoDataKind.WARM_UP, NoDataKind.LOST, NoDataKind.GAP})


def no_data(situation: Situation) -> Guardrail:
    """Trip when the latest windows of a host are all no data for reasons of its own, or when nothing comes from it."""
    name = "no_data"
    missing = _missing(situation, name)
    if missing is not None and situation.settling:
        return Guardrail(name, GuardrailState.NO_DATA, f"Telemetry has just come back. {missing.reason}")
    if missing is not None:
        return missing
    if not situation.pairing.pairs:
        return Guardrail(name, GuardrailState.NO_DATA, "No window is complete yet.")
    return Guardrail(name, GuardrailState.OK, "Windows of both arms arrive.")


def _missing(situation: Situation, name: str) -> Guardrail | None:
    most = situation.bounds.windows_without_data
    for watch in by_host(situation):
        missing = _latest_without_data(situation, watch.host)
        if len(missing) >= most:
            reason = f"The last {len(missing)} windows of host {watch.host} are no data. {missing[-1].reason}"
            return Guardrail(name, GuardrailState.TRIPPED, reason, watch.host, missing[-1].start)
        if watch.quiet_windows >= most:
            reason = f"Nothing has come from host {watch.host} for {watch.quiet_windows:.0f} windows."
            return Guardrail(name, GuardrailState.TRIPPED, reason, watch.host)
    return None


def _latest_without_data(situation: Situation, host: HostId) -> list[NoData]:
    """Return the windows of a host after its last pair that are no data for reasons of its own, by start."""
    last = max((pair.start for pair in situation.pairing.pairs if pair.host == host), default=-1)
    missing = [it for it in situation.pairing.no_data if it.host == host and it.start > last and it.kind not in _OURS]
    return sorted(missing, key=lambda it: it.start)
