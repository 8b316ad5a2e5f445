"""`phoenix pipeline test [PATH...]`: what a pipeline makes of given telemetry, checked case by case, for CI."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from phoenix.cli.configs import read_config
from phoenix.cli.context import Cli
from phoenix.cli.errors import InputFileNotFoundError
from phoenix.cli.evaluation.evaluators import Answering, EvaluatorChoice, open_evaluator
from phoenix.cli.exit_status import ExitStatus
from phoenix.cli.files import input_error, write_text
from phoenix.cli.options import OutputFormatOption
from phoenix.cli.pipeline.junit import junit
from phoenix.cli.terminal.blocks import Block, Column, Table, Verbatim
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import ConfigRefusedError, EvaluationFailedError, PipelineNotFoundError
from phoenix.core.errors import PhoenixError
from phoenix.decide.cases.checking import check
from phoenix.decide.cases.model import CaseFile, PipelineCase
from phoenix.decide.cases.outcome import CaseOutcome
from phoenix.decide.cases.reading import read_cases
from phoenix.settings.output_format import OutputFormat
from phoenix.telemetry.capture import Capture

_PATTERNS = ("*.test.yaml", "*.test.yml")


@dataclass(frozen=True, slots=True)
class TestOptions:
    """What `phoenix pipeline test` was asked.

    Attributes:
        paths: files of cases, or folders to look for them in.
        junit: where to write the result for a CI server; None for nowhere.
    """

    paths: tuple[Path, ...]
    evaluator: EvaluatorChoice = EvaluatorChoice.AUTO
    junit: Path | None = None
    output_format: OutputFormat | None = None


def command(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Test files, or folders with *.test.yaml in them. Default: this folder.", readable=False),
    ] = None,
    *,
    evaluator: Annotated[
        EvaluatorChoice, typer.Option(help="Who works out what the pipeline makes of the telemetry; see whatif.")
    ] = EvaluatorChoice.AUTO,
    junit: Annotated[
        Path | None, typer.Option(help="Write the result to this file too, as JUnit XML.", readable=False)
    ] = None,
    output_format: OutputFormatOption = None,
) -> None:
    """Run the unit tests of pipelines; the exit status is 1 when a case fails."""
    run(ctx.obj, TestOptions(tuple(paths or [Path()]), evaluator, junit, output_format))


def run(cli: Cli, options: TestOptions) -> None:
    """Emit how every case ended.

    Raises:
        Exit: with DIFFERENT, when a case fails.
        PhoenixError: a file cannot be read or says something that is not understood; no case is run then.
    """
    files = [_read(path) for path in _test_files(options.paths)]
    configs = [read_config(cli.streams, file.config) for file in files]
    outcomes: list[CaseOutcome] = []
    total = sum(len(file.cases) for file in files)
    with open_evaluator(cli, options.evaluator) as evaluator, cli.progress("Testing", total=total) as step:
        for file, config in zip(files, configs, strict=True):
            for case in file.cases:
                begun = time.perf_counter()
                failures = check(case, _answer(evaluator, config, file, case))
                outcomes.append(CaseOutcome(file, case, tuple(failures), time.perf_counter() - begun))
                step.done(len(outcomes))
    if options.junit:
        write_text(options.junit, junit(outcomes))
    cli.emit(_data(outcomes), list(_blocks(outcomes)), options.output_format)
    if not all(outcome.passed for outcome in outcomes):
        raise typer.Exit(ExitStatus.DIFFERENT)


def _answer(evaluator: Answering, config: ConfigDocument, file: CaseFile, case: PipelineCase) -> Capture | PhoenixError:
    try:
        return evaluator.answer(config, case.capture, pipeline=file.pipeline).capture
    except (ConfigRefusedError, EvaluationFailedError, PipelineNotFoundError) as error:
        return error


def _test_files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted({file for pattern in _PATTERNS for file in path.rglob(pattern)})
        if not inside:
            raise InputFileNotFoundError(
                f"{path}: there is no test file in this folder",
                user_action="Name a test file; in a folder those are found that end in .test.yaml.",
                path=str(path),
            )
        found += inside
    return list(dict.fromkeys(found))


def _read(path: Path) -> CaseFile:
    try:
        return read_cases(path)
    except OSError as error:
        raise input_error(str(path), error) from error


def _data(outcomes: Sequence[CaseOutcome]) -> dict[str, Any]:
    return {
        "passed": sum(outcome.passed for outcome in outcomes),
        "failed": sum(not outcome.passed for outcome in outcomes),
        "cases": [outcome.as_dict() for outcome in outcomes],
    }


def _blocks(outcomes: Sequence[CaseOutcome]) -> Iterator[Block]:
    rows = [
        (
            "pass" if outcome.passed else "FAIL",
            outcome.file.source,
            outcome.case.name,
            "\n".join(f"{failure.what}: {failure.words}" for failure in outcome.failures),
        )
        for outcome in outcomes
    ]
    yield Table((Column("", keep=True), Column("file"), Column("case"), Column("what does not hold")), rows)
    for outcome in outcomes:
        lines = [line for failure in outcome.failures for line in failure.lines]
        if lines:
            yield f"{outcome.case.place}: {outcome.case.name}"
            yield Verbatim("\n".join(lines) + "\n", "diff")
    failed = sum(not outcome.passed for outcome in outcomes)
    yield f"{len(outcomes) - failed} passed, {failed} failed."
