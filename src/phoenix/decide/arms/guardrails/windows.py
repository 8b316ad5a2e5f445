"""Guardrails that look at what arrived: critical processes, damage, and whether anything arrives at all."""

from phoenix.core.ids import HostId
from phoenix.decide.arms.guardrails.model import Guardrail, GuardrailState, Situation
from phoenix.decide.arms.model import NoData, NoDataKind, PairedWindow
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


def no_data(situation: Situation) -> Guardrail:
    """Trip when the latest windows of a host are all no data, warm-up aside."""
    name = "no_data"
    most = situation.bounds.windows_without_data
    for host in sorted({watch.host for watch in situation.hosts}):
        missing = _latest_without_data(situation, host)
        if len(missing) >= most:
            reason = f"The last {len(missing)} windows of host {host} are no data. The last one: {missing[-1].reason}"
            return Guardrail(name, GuardrailState.TRIPPED, reason, host, missing[-1].start)
    if not situation.pairing.pairs:
        return Guardrail(name, GuardrailState.NO_DATA, "No window is complete yet.")
    return Guardrail(name, GuardrailState.OK, "Windows of both arms arrive.")


def _latest_without_data(situation: Situation, host: HostId) -> list[NoData]:
    """Return the windows of a host after its last pair that are no data, by start."""
    windows: list[PairedWindow | NoData] = [it for it in situation.pairing.pairs if it.host == host]
    windows += [it for it in situation.pairing.no_data if it.host == host and it.kind is not NoDataKind.WARM_UP]
    missing: list[NoData] = []
    for window in sorted(windows, key=lambda it: it.start):
        if isinstance(window, NoData):
            missing.append(window)
        else:
            missing.clear()
    return missing
