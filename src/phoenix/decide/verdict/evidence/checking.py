"""Whether a verdict follows from its evidence: files against the manifest, and every figure against the windows.

The manifest finds a file that was changed by itself. One who changes a window and the manifest with it is found because
the figures no longer follow. One who changes windows, figures and manifest so that all fit has made another experiment:
that only a signature could tell, and there is none.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from phoenix.decide.loss.words import clock_text
from phoenix.decide.verdict.errors import BundleInvalidError
from phoenix.decide.verdict.evidence.bundle import CONFIGS, FORMAT, MANIFEST, QUESTION, VERDICT, WINDOWS, digest
from phoenix.decide.verdict.evidence.canonical import canonical, parsed
from phoenix.decide.verdict.evidence.question import question_of
from phoenix.decide.verdict.evidence.windows import pairing_of
from phoenix.decide.verdict.judging import verdict

# Another machine's arithmetic may round sums of logarithms otherwise.
_ROUNDING: Final = 1e-9
_UNFIT: Final = (KeyError, TypeError, ValueError, ArithmeticError, AttributeError)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was.

    Attributes:
        place: a file, or a figure of the verdict.
        says: what is wrong with it.
    """

    place: str
    says: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what was found.

    Attributes:
        files: how many were held against the manifest.
        figures: how many values of the verdict were recomputed.
        outcome: what the windows give; None when they cannot be read.
        findings: empty when all agrees.
    """

    files: int
    figures: int
    outcome: str | None
    findings: tuple[Finding, ...]

    @property
    def agrees(self) -> bool:
        """Nothing was changed, and every figure follows."""
        return not self.findings


def check_bundle(files: Mapping[str, bytes]) -> Checked:
    """Return whether the files of a bundle, by path, agree with each other.

    Raises:
        BundleInvalidError: there is no manifest, or it is of another format.
    """
    hashes = _hashes(files)
    changed = list(_changed(files, hashes))
    try:
        told = parsed(files[VERDICT])
        given = recomputed(files)
    except _UNFIT as error:
        place = next((it.place for it in changed), "the bundle")
        broken = Finding(place, f"the verdict cannot be recomputed: {error!r}")
        return Checked(len(hashes), 0, None, (*changed, broken))
    differing = list(_differences(told, given, ""))
    texts = list(_texts(files, given["configs"]))
    figures = sum(1 for _ in _leaves(given))
    return Checked(len(hashes), figures, given["outcome"], (*changed, *texts, *differing))


def recomputed(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the verdict that the stored windows and the question give, in its JSON form.

    Raises:
        KeyError, TypeError, ValueError, ArithmeticError, AttributeError: a file is missing or is not as it was written.
    """
    documents = [parsed(files[path]) for path in sorted(files) if path.startswith(WINDOWS)]
    given = verdict(pairing_of(documents), question_of(parsed(files[QUESTION])))
    found: dict[str, Any] = parsed(canonical(given.as_dict()))
    return found


def _hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    try:
        told = parsed(files[MANIFEST])
        hashes: dict[str, str] = dict(told["sha256"])
        form = told["format"]
    except _UNFIT as error:
        raise BundleInvalidError(f"{MANIFEST} is missing, or is none of an evidence bundle") from error
    if form != FORMAT:
        raise BundleInvalidError(f"{MANIFEST} is of the format {form!r}; this version reads {FORMAT!r}")
    return hashes


def _changed(files: Mapping[str, bytes], hashes: Mapping[str, str]) -> Iterator[Finding]:
    for path in sorted(files.keys() | hashes.keys()):
        if path == MANIFEST:
            continue
        if path not in files:
            yield Finding(path, "it is in the manifest and missing from the bundle")
        elif path not in hashes:
            yield Finding(path, "it is not in the manifest")
        elif digest(files[path]) != hashes[path]:
            yield Finding(path, "its content is not what the manifest says")


def _texts(files: Mapping[str, bytes], told: Mapping[str, str]) -> Iterator[Finding]:
    for name, expected in sorted(told.items()):
        path = f"{CONFIGS}{name}.yaml"
        if path in files and digest(files[path]) != expected:
            yield Finding(path, "it is not the config that the verdict speaks of")
        elif path not in files:
            yield Finding(path, "the verdict speaks of this config and it is not there")


def _differences(told: Any, given: Any, place: str) -> Iterator[Finding]:
    """Yield each value of the stored verdict that is not what the windows give."""
    if isinstance(told, dict) and isinstance(given, dict):
        for name in sorted(told.keys() | given.keys()):
            yield from _differences(told.get(name), given.get(name), f"{place}.{name}" if place else name)
    elif isinstance(told, list) and isinstance(given, list) and len(told) == len(given):
        for number, (one, other) in enumerate(zip(told, given, strict=True)):
            yield from _differences(one, other, f"{place}[{_item(other, number)}]")
    elif isinstance(told, list) and isinstance(given, list):
        yield Finding(place, f"the verdict has {len(told)} entries, and the windows give {len(given)}")
    elif not _same(told, given):
        yield Finding(place, f"the verdict says {told!r}, and the windows give {given!r}")


def _same(told: Any, given: Any) -> bool:
    numbers = isinstance(told, int | float) and isinstance(given, int | float)
    if numbers and not isinstance(told, bool) and not isinstance(given, bool):
        return math.isclose(told, given, rel_tol=_ROUNDING, abs_tol=_ROUNDING)
    return bool(told == given)


def _item(value: Any, number: int) -> str:
    """Return how an entry of a list is called: a window by host and time, anything else by its number."""
    if isinstance(value, dict) and "host" in value and isinstance(value.get("start"), int):
        return f"{clock_text(value['start'])} on host {value['host']}"
    return str(number)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    else:
        yield value
