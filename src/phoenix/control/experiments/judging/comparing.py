"""The comparison of an experiment as the API answers it and as it is stored at the end (issue: Show 1)."""

from collections.abc import Mapping
from typing import Any

from phoenix.control.experiments.judging.watching import Judgement, uses_as_dict
from phoenix.control.experiments.model import Experiment, Verdict


def comparison_document(experiment: Experiment, judgement: Judgement) -> dict[str, Any]:
    """Return the comparison in its JSON form.

    The keys at the top are what scripts read; `details` says where a saving comes from and what it rests on.
    """
    comparison = judgement.comparison
    return {
        "experiment": {
            "id": experiment.id,
            "phase": experiment.phase.value,
            "windows": comparison.windows,
            "hosts": [participant.name for participant in experiment.hosts],
        },
        "arms": comparison.arms_as_dict(judgement.processor_seconds),
        "collector": {"before": uses_as_dict(judgement.before), "during": uses_as_dict(judgement.during)},
        "saving_percent": dict(comparison.saving_percent),
        "loss": comparison.loss.as_dict(),
        "guardrails": [guardrail.as_dict() for guardrail in judgement.guardrails],
        "verdict": Verdict.MEASURED.value,
        "details": {
            **{key: value for key, value in comparison.as_dict().items() if key not in ("saving_percent", "loss")},
            "no_data": len(judgement.pairing.no_data),
            "unpaired": list(experiment.paired.unpaired) if experiment.paired else [],
            "notes": list(experiment.paired.notes) if experiment.paired else [],
            "criteria": criteria(experiment, comparison.saving_percent, comparison.loss.as_dict()),
        },
    }


def criteria(
    experiment: Experiment, saving_percent: Mapping[str, float | None], loss: Mapping[str, Any]
) -> dict[str, Any]:
    """Return each success criterion that was asked for: what was wanted, what was measured, whether it is met.

    A cost reduction is met when the smallest known one among the vendors is; lost data is the worst share of a total.
    """
    found: dict[str, Any] = {}
    design = experiment.design
    if design.min_cost_reduction is not None:
        costs = [value for key, value in saving_percent.items() if key not in ("series", "points", "bytes")]
        known = [value for value in costs if value is not None]
        found["min_cost_reduction"] = _criterion(design.min_cost_reduction, min(known, default=None), most=False)
    if design.max_data_loss is not None:
        errors = [100 * total["error"] for total in loss["totals"].values()]
        found["max_data_loss"] = _criterion(design.max_data_loss, max(errors, default=None), most=True)
    return found


def _criterion(wanted: float, measured: float | None, *, most: bool) -> dict[str, Any]:
    met = None if measured is None else measured <= wanted if most else measured >= wanted
    return {"wanted": wanted, "measured": measured, "met": met}
