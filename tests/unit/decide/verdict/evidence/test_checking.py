"""Evidence bundles: an untouched one agrees, and whatever is changed in one is named."""

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from tests.support.experiments.arms import HOST, NOON, WIDTH, pair, window

from phoenix.collector.catalogue.fold_map import Fate
from phoenix.core.ids import HostId
from phoenix.core.money import Money
from phoenix.decide.arms.guardrails.model import Guardrail, GuardrailState
from phoenix.decide.arms.model import NoData, NoDataKind, Pairing
from phoenix.decide.verdict.errors import BundleInvalidError
from phoenix.decide.verdict.evidence.bundle import MANIFEST, QUESTION, VERDICT, bundle_files, manifest, with_configs
from phoenix.decide.verdict.evidence.canonical import canonical, parsed
from phoenix.decide.verdict.evidence.checking import check_bundle
from phoenix.decide.verdict.evidence.question import question_document, question_of
from phoenix.decide.verdict.evidence.windows import decode_window, encode_window, pairing_of
from phoenix.decide.verdict.judging import verdict
from phoenix.decide.verdict.question import Measure, Peak, Price, Question

OTHER = HostId("host-b")
CONFIGS = {"baseline": "receivers: {}\n", "candidate": "processors: {}\n"}
QUESTION_ASKED = Question(
    values_stay=True,
    fates=(Fate.DROPPED,),
    interest=("process.threads",),
    strata={HOST: "web", OTHER: "web"},
    peak=Peak(NOON, NOON + 5 * WIDTH, "noon"),
    prices=(Price("grafana-cloud", Measure.SERIES, Money(Decimal("12.345"), "USD"), "2026-02-01", "list"),),
    guardrails=(Guardrail("corruption", GuardrailState.OK, "No damage."),),
    versions={"phoenix": "0.1.0"},
)
PAIRING = Pairing(
    tuple(pair(n, window(n, *range(10)), window(n, *range(4)), host) for n in range(40) for host in (HOST, OTHER)),
    (NoData(HOST, NOON + 40 * WIDTH, NoDataKind.LOST, "It was lost."),),
)
FIRST = "windows/0001.json"


@pytest.fixture
def files() -> dict[str, bytes]:
    return bundle_files(PAIRING, QUESTION_ASKED, CONFIGS)


def resealed(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with a manifest that fits them, as a careful forger would."""
    return files | {MANIFEST: manifest(files)}


def edited(files, path, edit):
    document = parsed(files[path])
    edit(document)
    return files | {path: canonical(document)}


def fewer_series(document):
    candidate = document["pairs"][3]["candidate"]["series"]
    for column in ("hashes", "points", "values"):
        candidate[column].pop()


def test_an_untouched_bundle_agrees(files):
    checked = check_bundle(files)
    assert checked.findings == ()
    assert checked.agrees
    assert (checked.outcome, checked.files) == ("better", 6)
    assert checked.figures > 400


def test_the_verdict_in_it_is_the_one_of_the_windows(files):
    asked = with_configs(QUESTION_ASKED, CONFIGS)
    assert parsed(files[VERDICT]) == parsed(canonical(verdict(PAIRING, asked).as_dict()))


def test_the_same_evidence_is_the_same_bytes(files):
    shuffled = Pairing(PAIRING.pairs[::-1], PAIRING.no_data)
    assert bundle_files(shuffled, QUESTION_ASKED, dict(reversed(CONFIGS.items()))) == files


def test_a_changed_window_is_named_by_its_file_and_its_figure(files):
    checked = check_bundle(edited(files, FIRST, fewer_series))
    assert checked.findings[0].place == FIRST
    assert f"windows[{'22:14:15'} on host {HOST}].saved.series" in {it.place for it in checked.findings}


def test_a_changed_window_under_a_new_manifest_is_found_because_figures_no_longer_follow(files):
    checked = check_bundle(resealed(edited(files, FIRST, fewer_series)))
    places = {it.place for it in checked.findings}
    assert FIRST not in places
    assert "savings.series.value" in places
    assert any("on host host-a" in place for place in places)


@pytest.mark.parametrize(
    ("path", "edit", "place"),
    [
        (VERDICT, lambda it: it.update(outcome="equivalent"), "outcome"),
        (VERDICT, lambda it: it["savings"]["bytes"].update(value=0.9), "savings.bytes.value"),
        (VERDICT, lambda it: it["savings"]["bytes"]["interval"].__setitem__(0, 0.7), "savings.bytes.interval[0]"),
        (VERDICT, lambda it: it["windows"].pop(), "windows"),
        (VERDICT, lambda it: it["losses"]["missing"].update(extra=1), "losses.missing.extra"),
        (VERDICT, lambda it: it["losses"]["value_error"].update(value=True), "losses.value_error.value"),
        (QUESTION, lambda it: it["thresholds"].update(alpha=0.2), "savings.series.alpha"),
        (QUESTION, lambda it: it["prices"][0].update(monthly="99"), "money[0].baseline_monthly"),
        (FIRST, lambda it: it["no_data"].clear(), "losses.missing.value"),
    ],
)
def test_whatever_is_changed_under_a_new_manifest_is_named(files, path, edit, place):
    assert place in {it.place for it in check_bundle(resealed(edited(files, path, edit))).findings}


def test_another_config_is_found_under_a_new_manifest(files):
    found = check_bundle(resealed(files | {"configs/candidate.yaml": b"processors: {filter: {}}\n"})).findings
    assert [(it.place, it.says) for it in found] == [
        ("configs/candidate.yaml", "it is not the config that the verdict speaks of")
    ]


def test_files_that_are_gone_or_came_are_named(files):
    del files["configs/baseline.yaml"]
    places = {it.place: it.says for it in check_bundle(files | {"notes.txt": b"?"}).findings}
    assert "not in the manifest" in places["notes.txt"]
    assert "configs/baseline.yaml" in places
    missing = check_bundle(resealed(files)).findings
    assert [it.says for it in missing] == ["the verdict speaks of this config and it is not there"]


def test_what_cannot_be_read_is_said(files):
    broken = check_bundle(files | {FIRST: b"{"})
    assert [it.place for it in broken.findings] == [FIRST, FIRST]
    assert broken.outcome is None
    odd = check_bundle(resealed(edited(files, FIRST, lambda it: it["pairs"][0].pop("candidate"))))
    assert odd.findings[0].place == "the bundle"


@pytest.mark.parametrize("content", [None, b"[]", b"{}", b"no json", canonical({"format": "other", "sha256": {}})])
def test_what_is_no_bundle_is_refused(files, content):
    del files[MANIFEST]
    with pytest.raises(BundleInvalidError):
        check_bundle(files if content is None else files | {MANIFEST: content})


def test_windows_keep_every_bit():
    odd = window(0, 1, 2**64 - 1, critical={"nginx": 1}, corruption={"counter_fell": 2}, gap="none", total=math.inf)
    series = replace(odd.series, values=np.array([math.nan, 0.1 + 0.2]))
    back = decode_window(parsed(canonical(encode_window(replace(odd, series=series)))))
    assert back.series.hashes.tolist() == [1, 2**64 - 1]
    assert np.array_equal(back.series.values, series.values, equal_nan=True)
    assert back.metrics == odd.metrics
    assert (back.critical, back.corruption, back.gap) == (odd.critical, odd.corruption, "none")


def test_questions_come_back_as_they_were():
    assert question_of(parsed(canonical(question_document(QUESTION_ASKED)))) == QUESTION_ASKED
    assert question_of(question_document(Question())) == Question()


def test_a_bundle_without_windows_is_an_error_that_agrees():
    checked = check_bundle(bundle_files(Pairing(), Question(), {}))
    assert (checked.agrees, checked.outcome) == (True, "error")
    assert pairing_of([]) == Pairing()
