"""The files of an evidence bundle. Called by whoever exports one; nothing is written here.

manifest.json        the SHA-256 of every other file
question.json        thresholds, margins, strata, peak, prices with their dates, guardrails, versions
windows/0001.json    all windows of one host, as the meter stored them
configs/NAME.yaml    the texts that ran; the verdict names their hashes
verdict.json         what was concluded, with every figure
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from phoenix.decide.arms.model import Pairing
from phoenix.decide.verdict.evidence.canonical import canonical
from phoenix.decide.verdict.evidence.question import question_document
from phoenix.decide.verdict.evidence.windows import host_document
from phoenix.decide.verdict.judging import verdict
from phoenix.decide.verdict.question import Question

FORMAT: Final = "phoenix-evidence-1"
MANIFEST: Final = "manifest.json"
QUESTION: Final = "question.json"
VERDICT: Final = "verdict.json"
WINDOWS: Final = "windows/"
CONFIGS: Final = "configs/"


def with_configs(question: Question, configs: Mapping[str, str]) -> Question:
    """Return the question with the hashes of the texts that ran, by name."""
    return replace(question, configs={name: digest(text.encode()) for name, text in sorted(configs.items())})


def bundle_files(pairing: Pairing, question: Question, configs: Mapping[str, str]) -> dict[str, bytes]:
    """Return the content of every file by its path in the bundle.

    Args:
        pairing: the windows.
        question: what the verdict was asked; `with_configs` is done here.
        configs: the texts that ran, by name: baseline, candidate, composed.
    """
    asked = with_configs(question, configs)
    hosts = sorted({it.host for it in pairing.pairs} | {it.host for it in pairing.no_data})
    files = {
        QUESTION: canonical(question_document(asked)),
        VERDICT: canonical(verdict(pairing, asked).as_dict()),
        **{f"{CONFIGS}{name}.yaml": text.encode() for name, text in configs.items()},
        **{
            f"{WINDOWS}{number:04}.json": canonical(host_document(host, pairing))
            for number, host in enumerate(hosts, start=1)
        },
    }
    return files | {MANIFEST: manifest(files)}


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Return the manifest of all files but itself."""
    hashes = {path: digest(content) for path, content in files.items() if path != MANIFEST}
    return canonical({"format": FORMAT, "sha256": hashes})


def digest(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
