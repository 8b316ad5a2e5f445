"""`phoenix verify`: folders and zips, untouched and tampered with."""

import json
import zipfile

import pytest
from tests.support.cli import run_here
from tests.support.experiments.arms import pair, window

from phoenix.decide.arms.model import Pairing
from phoenix.decide.verdict.evidence.bundle import bundle_files
from phoenix.decide.verdict.question import Question

PAIRS = tuple(pair(n, window(n, *range(10)), window(n, *range(4))) for n in range(30))


@pytest.fixture
def folder(tmp_path):
    for name, content in bundle_files(Pairing(PAIRS), Question(values_stay=True), {"baseline": "a: 1\n"}).items():
        path = tmp_path / "bundle" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "bundle"


@pytest.fixture
def archive(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as made:
        made.mkdir("windows")
        for path in folder.rglob("*"):
            if path.is_file():
                made.write(path, path.relative_to(folder))
    return tmp_path / "bundle.zip"


def test_an_untouched_folder_agrees(folder):
    done = run_here("verify", str(folder))
    assert (done.status, done.err) == (0, "")
    assert "the verdict `better` follows from its evidence" in done.out


def test_an_untouched_zip_agrees(archive):
    done = run_here("verify", str(archive), "-o", "json")
    said = json.loads(done.out)
    assert (done.status, said["agrees"], said["outcome"], said["findings"]) == (0, True, "better", [])


def test_a_tampered_bundle_is_named_and_ends_with_one(folder):
    verdict = folder / "verdict.json"
    verdict.write_text(verdict.read_text().replace('"outcome":"better"', '"outcome":"worse"'))
    done = run_here("verify", str(folder))
    assert done.status == 1
    assert "does not agree" in done.out
    assert "verdict.json" in done.out
    assert "outcome" in done.out


def test_a_bundle_that_cannot_be_recomputed_says_so(folder):
    (folder / "question.json").write_text("{")
    done = run_here("verify", str(folder))
    assert done.status == 1
    assert "cannot be recomputed" in done.out


@pytest.mark.parametrize(
    ("content", "status", "code"), [(b"text", 3, "EVIDENCE_BUNDLE_INVALID"), (None, 4, "NOT_FOUND")]
)
def test_what_is_no_bundle_is_refused(tmp_path, content, status, code):
    if content is not None:
        (tmp_path / "file").write_bytes(content)
    done = run_here("verify", str(tmp_path / "file"))
    assert done.status == status
    assert code in done.err


def test_an_empty_folder_is_no_bundle(tmp_path):
    assert "EVIDENCE_BUNDLE_INVALID" in run_here("verify", str(tmp_path)).err


def test_more_bytes_than_any_bundle_has_are_not_read(folder, monkeypatch):
    monkeypatch.setattr("phoenix.cli.verify._MOST_BYTES", 100)
    assert "more than any bundle" in run_here("verify", str(folder)).err
