"""What a verdict was asked, as canonical JSON and back."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from phoenix.collector.catalogue.fold_map import Fate
from phoenix.core.ids import HostId
from phoenix.core.money import Money
from phoenix.decide.arms.guardrails.model import Guardrail, GuardrailState
from phoenix.decide.verdict.question import Measure, Peak, Price, Question, Thresholds


def question_document(question: Question) -> dict[str, Any]:
    """Return the JSON form; amounts are strings."""
    return {
        "measure": question.measure.value,
        "thresholds": asdict(question.thresholds),
        "unpaired": question.unpaired,
        "fates": None if question.fates is None else [fate.value for fate in question.fates],
        "values_stay": question.values_stay,
        "interest": sorted(question.interest),
        "strata": dict(question.strata),
        "peak": None if question.peak is None else asdict(question.peak),
        "prices": [_price(price) for price in question.prices],
        "guardrails": [guardrail.as_dict() for guardrail in question.guardrails],
        "configs": dict(question.configs),
        "versions": dict(question.versions),
    }


def question_of(document: Mapping[str, Any]) -> Question:
    """Return the question of its JSON form.

    Raises:
        KeyError, TypeError, ValueError, ArithmeticError: it is not as `question_document` writes it.
    """
    return Question(
        measure=Measure(document["measure"]),
        thresholds=Thresholds(**document["thresholds"]),
        unpaired=document["unpaired"],
        fates=None if document["fates"] is None else tuple(Fate(fate) for fate in document["fates"]),
        values_stay=document["values_stay"],
        interest=tuple(document["interest"]),
        strata={HostId(host): stratum for host, stratum in document["strata"].items()},
        peak=None if document["peak"] is None else Peak(**document["peak"]),
        prices=tuple(_price_of(price) for price in document["prices"]),
        guardrails=tuple(_guardrail_of(guardrail) for guardrail in document["guardrails"]),
        configs=document["configs"],
        versions=document["versions"],
    )


def _price(price: Price) -> dict[str, Any]:
    return {
        "vendor": price.vendor,
        "measure": price.measure.value,
        "monthly": str(price.monthly.amount),
        "currency": price.monthly.currency,
        "as_of": price.as_of,
        "source": price.source,
    }


def _price_of(document: Mapping[str, Any]) -> Price:
    monthly = Money(Decimal(document["monthly"]), document["currency"])
    return Price(document["vendor"], Measure(document["measure"]), monthly, document["as_of"], document["source"])


def _guardrail_of(document: Mapping[str, Any]) -> Guardrail:
    return Guardrail(**{**document, "state": GuardrailState(document["state"])})
