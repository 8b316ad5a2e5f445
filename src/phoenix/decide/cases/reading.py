"""Reading a file of pipeline tests: YAML to cases, every mistake named with its place.

docs/reference/pipeline-tests.md shows every key. Telemetry is written as OTLP/JSON is, in YAML or JSON, which is also
the form of the collector's own golden files (`resourceMetrics: ...`), or lies in a file or a capture beside the test.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NoReturn

from phoenix.collector.config.document import ConfigDocument, ConfigPath, ConfigSyntaxError
from phoenix.core.errors import PhoenixError
from phoenix.decide.cases.errors import CaseFileInvalidError
from phoenix.decide.cases.model import Bounds, CaseFile, Expectation, PipelineCase, Selector, TotalExpected
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode
from phoenix.telemetry.expressions import ExpressionError, compiled
from phoenix.telemetry.importing import import_capture
from phoenix.telemetry.jsonlines import read_lines
from phoenix.telemetry.processes import ProcessPattern
from phoenix.telemetry.storage import load

_FILE_KEYS: Final = ("config", "pipeline", "cases")
_INPUTS: Final = ("otlp", "otlp_file", "capture")
_CASE_KEYS: Final = ("name", *_INPUTS, "expect")
_COUNTS: Final = ("series", "points", "bytes")
_SELECTOR_KEYS: Final = ("metric", "resource", "attributes")
_LISTS: Final = ("kept", "dropped", "critical_processes")
_EXPECT_KEYS: Final = (
    *_COUNTS,
    "saved_percent",
    "metrics",
    *_LISTS,
    "totals",
    "corrupted",
    "output",
    "output_file",
    "fails",
)
_BOUND_KEYS: Final = ("at_least", "at_most")
_NO_TOLERANCE: Final = Decimal("1e-9")


def read_cases(path: Path) -> CaseFile:
    """Return the cases of a file; files it names are read too, relative to it.

    Raises:
        CaseFileInvalidError: it is no YAML, or says something else; names the place and what is expected there.
        OSError: it cannot be read.
    """
    try:
        document = ConfigDocument.read(path)
    except ConfigSyntaxError as error:
        raise CaseFileInvalidError(error.message) from error
    reader = _Reader(document, path.parent)
    data = reader.mapping((), reader.document.data, _FILE_KEYS)
    config = reader.text(("config",), data.get("config"))
    pipeline = reader.text(("pipeline",), data["pipeline"]) if "pipeline" in data else None
    cases = tuple(reader.cases(data.get("cases")))
    return CaseFile(str(path), str(path.parent / config), pipeline, cases)


class _Reader:
    def __init__(self, document: ConfigDocument, folder: Path) -> None:
        self.document, self._folder = document, folder

    def cases(self, given: object) -> Iterator[PipelineCase]:
        if not isinstance(given, list) or not given:
            self._refuse(("cases",), "cases must be a list with at least one case")
        names: set[str] = set()
        for index, case in enumerate(given):
            path: ConfigPath = ("cases", index)
            held = self.mapping(path, case, _CASE_KEYS)
            name = self.text((*path, "name"), held.get("name"))
            if name in names:
                self._refuse((*path, "name"), f"the name {name!r} stands twice")
            names.add(name)
            capture = self._input(path, held)
            expect = self._expectation((*path, "expect"), held.get("expect"))
            yield PipelineCase(name, self.document.locate(path), capture, expect)

    def mapping(self, path: ConfigPath, given: object, known: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(given, Mapping):
            self._refuse(path, f"a mapping with some of {', '.join(known)} is expected")
        for key in given:
            if key not in known:
                self._refuse((*path, key), f"unknown key {key!r}; there are {', '.join(known)}")
        return given

    def text(self, path: ConfigPath, given: object) -> str:
        if not isinstance(given, str) or not given:
            self._refuse(path, f"{path[-1]} must be a text")
        return given

    def _input(self, path: ConfigPath, case: Mapping[str, Any]) -> Capture:
        given = [key for key in _INPUTS if key in case]
        if len(given) != 1:
            self._refuse(path, f"a case needs one of {', '.join(_INPUTS)}; it has {', '.join(given) or 'none'}")
        return self._telemetry((*path, given[0]), given[0], case[given[0]])

    def _telemetry(self, path: ConfigPath, form: str, given: object) -> Capture:
        try:
            if form in ("otlp", "output"):
                requests = given if isinstance(given, list) else [given]
                lines = b"\n".join(json.dumps(request, ensure_ascii=False).encode() for request in requests)
                return decode(list(read_lines(BytesIO(lines))))
            file = self._folder / self.text(path, given)
            return load(file) if form == "capture" else import_capture(file)
        except PhoenixError as error:
            self._refuse(path, error.message, error)

    def _expectation(self, path: ConfigPath, given: object) -> Expectation:
        held = self.mapping(path, given, _EXPECT_KEYS)
        if not held:
            self._refuse(path, f"a case expects something: {', '.join(_EXPECT_KEYS)}")
        if "fails" in held and len(held) > 1:
            self._refuse((*path, "fails"), "what fails has no output, so nothing else can be expected")
        output = [form for form in ("output", "output_file") if form in held]
        if len(output) > 1:
            self._refuse((*path, "output_file"), "output is given already")
        return Expectation(
            counts={key: self._bounds((*path, key), held[key]) for key in _COUNTS if key in held},
            saved=dict(self._named_bounds((*path, "saved_percent"), held.get("saved_percent", {}))),
            metrics=dict(self._metrics((*path, "metrics"), held.get("metrics", {}))),
            kept=self._selectors((*path, "kept"), held.get("kept", [])),
            dropped=self._selectors((*path, "dropped"), held.get("dropped", [])),
            totals=tuple(self._totals((*path, "totals"), held.get("totals", {}))),
            critical=self._processes((*path, "critical_processes"), held.get("critical_processes", [])),
            corrupted=self._flag((*path, "corrupted"), held.get("corrupted", False)),
            output=self._telemetry((*path, output[0]), output[0], held[output[0]]) if output else None,
            fails=self.text((*path, "fails"), held["fails"]) if "fails" in held else None,
        )

    def _bounds(self, path: ConfigPath, given: object) -> Bounds:
        if not isinstance(given, Mapping):
            exact = self._number(path, given)
            return Bounds(exact, exact)
        held = self.mapping(path, given, _BOUND_KEYS)
        least, most = (self._number((*path, key), held[key]) if key in held else None for key in _BOUND_KEYS)
        if least is None and most is None:
            self._refuse(path, f"{path[-1]} needs a number, at_least or at_most")
        return Bounds(least, most)

    def _named_bounds(self, path: ConfigPath, given: object) -> Iterator[tuple[str, Bounds]]:
        for key, bounds in self.mapping(path, given, _COUNTS).items():
            yield key, self._bounds((*path, key), bounds)

    def _metrics(self, path: ConfigPath, given: object) -> Iterator[tuple[tuple[str, str], Bounds]]:
        if not isinstance(given, Mapping):
            self._refuse(path, "metrics must be a mapping from metric names to series and points")
        for name, counts in given.items():
            for key, bounds in self.mapping((*path, name), counts, _COUNTS[:2]).items():
                yield (name, key), self._bounds((*path, name, key), bounds)

    def _selectors(self, path: ConfigPath, given: object) -> tuple[Selector, ...]:
        return tuple(self._selector((*path, index), one) for index, one in enumerate(self._list(path, given)))

    def _selector(self, path: ConfigPath, given: object) -> Selector:
        held = self.mapping(path, given, _SELECTOR_KEYS)
        if not held:
            self._refuse(path, f"a selector needs some of {', '.join(_SELECTOR_KEYS)}")
        metric = self._pattern((*path, "metric"), held["metric"]) if "metric" in held else None
        sides = {
            side: {
                key: self._pattern((*path, side, key), value)
                for key, value in self._any_mapping((*path, side), held.get(side, {})).items()
            }
            for side in _SELECTOR_KEYS[1:]
        }
        return Selector(json.dumps(held, ensure_ascii=False), metric, sides["resource"], sides["attributes"])

    def _totals(self, path: ConfigPath, given: object) -> Iterator[TotalExpected]:
        for metric, total in self._any_mapping(path, given).items():
            where = (*path, metric)
            if total == "same":
                yield TotalExpected(metric, None, _NO_TOLERANCE)
            elif isinstance(total, Mapping):
                held = self.mapping(where, total, ("value", "tolerance"))
                value = held.get("value", "same")
                exact = None if value == "same" else self._number((*where, "value"), value)
                tolerance = self._number((*where, "tolerance"), held.get("tolerance", str(_NO_TOLERANCE)))
                yield TotalExpected(metric, exact, tolerance)
            else:
                yield TotalExpected(metric, self._number(where, total), _NO_TOLERANCE)

    def _processes(self, path: ConfigPath, given: object) -> tuple[ProcessPattern, ...]:
        found = []
        for index, text in enumerate(self._list(path, given)):
            try:
                found.append(ProcessPattern.parse(self.text((*path, index), text)))
            except PhoenixError as error:
                self._refuse((*path, index), error.message, error)
        return tuple(found)

    def _pattern(self, path: ConfigPath, given: object) -> str:
        text = str(given).lower() if isinstance(given, bool) else str(given)
        try:
            compiled(text)
        except ExpressionError as error:
            self._refuse(path, f"{text!r} is not an RE2 expression: {error}", error)
        return text

    def _number(self, path: ConfigPath, given: object) -> Decimal:
        try:
            number = Decimal("nan" if isinstance(given, bool) else str(given))
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite():
            self._refuse(path, f"{path[-1]} must be a number, not {given!r}")
        return number

    def _flag(self, path: ConfigPath, given: object) -> bool:
        if not isinstance(given, bool):
            self._refuse(path, "corrupted is true (damage is allowed) or false")
        return given

    def _list(self, path: ConfigPath, given: object) -> list[Any]:
        if not isinstance(given, list):
            self._refuse(path, f"{path[-1]} must be a list")
        return given

    def _any_mapping(self, path: ConfigPath, given: object) -> Mapping[str, Any]:
        if not isinstance(given, Mapping):
            self._refuse(path, f"{path[-1]} must be a mapping")
        return given

    def _refuse(self, path: ConfigPath, problem: str, cause: Exception | None = None) -> NoReturn:
        place = self.document.locate(path)
        raise CaseFileInvalidError(f"{place}: {problem}", place=str(place)) from cause
