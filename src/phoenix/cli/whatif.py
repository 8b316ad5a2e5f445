"""`phoenix whatif`: what a pipeline would save and lose, on a capture, before it is live anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.captures import origin_text, write_otlp_file
from phoenix.cli.context import Cli
from phoenix.cli.errors import UsageError
from phoenix.cli.evaluation.candidate import Candidate
from phoenix.cli.evaluation.evaluators import Answer, Answering, EvaluatorChoice, open_evaluator
from phoenix.cli.evaluation.patterns import critical_patterns
from phoenix.cli.evaluation.pricing import (
    AccountUsageOption,
    HostsOption,
    PricesOption,
    PricingOptions,
    read_pricing,
)
from phoenix.cli.evaluation.reports import report_blocks
from phoenix.cli.evaluation.version_report import comparison_blocks, comparison_data
from phoenix.cli.evaluation.versions import compare_versions
from phoenix.cli.exit_status import ExitStatus
from phoenix.cli.options import CriticalOption, OutputFormatOption
from phoenix.cli.pipeline.parameters import ParamOption, parse_parameters
from phoenix.cli.programs import the_collector
from phoenix.collector.catalogue.thresholds import kept_per_scrape
from phoenix.collector.cost import measure_cpu
from phoenix.decide.movers import movers
from phoenix.decide.pricing.document import money_document
from phoenix.decide.report import Cadence, Measured, compare, holding
from phoenix.settings.output_format import OutputFormat
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.lineage import Origins
from phoenix.telemetry.storage import load


@dataclass(frozen=True, slots=True)
class WhatifOptions:
    """What `phoenix whatif` was asked.

    Attributes:
        file: the candidate's config, or - for standard input; None when a template is named.
        template: a pipeline of the catalogue instead.
        baseline: the config to compare with; None compares with what the receivers saw.
        pipeline: the metrics pipeline of the candidate; None when it has one.
        cpu: measure the collector's processor time too, which takes some ten seconds.
        against_collector: another collector's program, to compare two versions instead of input with output.
        pricing: how money is told.
    """

    capture: Path
    file: str | None = None
    template: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    baseline: str | None = None
    pipeline: str | None = None
    evaluator: EvaluatorChoice = EvaluatorChoice.AUTO
    critical: tuple[str, ...] = ()
    output_otlp: Path | None = None
    cpu: bool = False
    against_collector: Path | None = None
    output_format: OutputFormat | None = None
    pricing: PricingOptions = field(default_factory=PricingOptions)


def command(
    ctx: typer.Context,
    *,
    capture: Annotated[Path, typer.Option("--capture", "-c", help="The capture to evaluate on.", readable=False)],
    file: Annotated[str | None, typer.Option("--file", "-f", help="The candidate's config, or - for stdin.")] = None,
    template: Annotated[str | None, typer.Option(help="A pipeline of the catalogue instead of a file.")] = None,
    param: ParamOption = None,
    baseline: Annotated[
        str | None, typer.Option(help="A config to compare with. Default: what the receivers saw.")
    ] = None,
    pipeline: Annotated[
        str | None, typer.Option(help="The metrics pipeline, such as metrics/candidate, if the config has several.")
    ] = None,
    evaluator: Annotated[
        EvaluatorChoice,
        typer.Option(
            help="columnar: in columns, without a collector. collector: the real collector's code. "
            "auto: in columns, and what they refuse with the collector."
        ),
    ] = EvaluatorChoice.AUTO,
    critical: CriticalOption = None,
    output_otlp: Annotated[
        Path | None,
        typer.Option(help="Write what the exporters would get to this file, as OTLP JSON lines.", readable=False),
    ] = None,
    cpu: Annotated[
        bool, typer.Option("--cpu", help="Measure the collector's CPU too: some ten seconds on the real binary.")
    ] = False,
    against_collector: Annotated[
        Path | None,
        typer.Option(
            help="Another collector's program: evaluate the config on both versions instead, and show what differs. "
            "The exit status is then 1 when they differ.",
            readable=False,
        ),
    ] = None,
    hosts: HostsOption = None,
    account_usage: AccountUsageOption = None,
    prices: PricesOption = None,
    output_format: OutputFormatOption = None,
) -> None:
    """Show what a pipeline would save and lose on a capture, compared with a baseline."""
    if (file is None) == (template is None):
        raise UsageError("one of --file and --template is needed", user_action="Give --file FILE or --template NAME.")
    if param and template is None:
        raise UsageError("--param belongs to --template", user_action="Leave --param out, or name a template.")
    options = WhatifOptions(
        capture,
        file,
        template,
        parse_parameters(param or ()),
        baseline,
        pipeline,
        evaluator,
        tuple(critical or ()),
        output_otlp,
        cpu,
        against_collector,
        output_format,
        PricingOptions(hosts, tuple(account_usage or ()), prices),
    )
    _refuse_beside_versions(options)
    run(ctx.obj, options)


def run(cli: Cli, options: WhatifOptions) -> None:
    """Emit the comparison, and write the candidate's output if that was asked.

    Raises:
        Exit: two versions were compared and differ, with status 1; or neither takes the config.
        PhoenixError: a file cannot be read or written, the collector refuses a config, a component cannot be replayed.
    """
    if options.against_collector:
        _compare_versions(cli, options, options.against_collector)
        return
    critical = critical_patterns(cli, options.critical)
    pricing = read_pricing(cli, options.pricing)
    capture = load(options.capture)
    candidate = _candidate(cli, options, capture)
    baseline = Candidate.from_file(cli, options.baseline) if options.baseline else None
    with open_evaluator(cli, options.evaluator) as evaluator:
        was = _evaluated(cli, evaluator, baseline, capture, None) if baseline else None
        answer = _evaluated(cli, evaluator, candidate, capture, options.pipeline)
    before, after = was.capture if was else capture, answer.capture
    if options.output_otlp:
        write_otlp_file(options.output_otlp, after)
        cli.say(f"wrote {options.output_otlp}")
    # The first use on a machine compiles here too, and a large capture takes longer here than in the engine.
    with cli.progress("Measuring input and output"):
        measured, output = Measured.of(before), Measured.of(after)
    cadence = candidate.cadence(options.pipeline, capture)
    before_cadence = baseline.cadence(None, capture) if baseline else Cadence(cadence.interval_seconds)
    _warn_of_what_is_not_seen(cli, options, candidate, baseline, cadence)
    report = compare(
        candidate.name,
        measured,
        output,
        declared=candidate.fold_map,
        critical=critical,
        exporters=candidate.exporters(options.pipeline),
        host_attributes=candidate.host_attributes,
        cadence=cadence,
        before_cadence=before_cadence,
        cpu_seconds_per_million_points=_cpu(cli, candidate, capture, options.pipeline) if options.cpu else None,
        processes_per_scrape=kept_per_scrape(after),
        origins=_origins(answer, was, capture),
        pricing=pricing,
    )
    money = money_document(report.savings, pricing, hosts=report.hosts, warnings=report.warnings)
    itself = holding(baseline.name if baseline else "receivers", measured, report)
    moved = movers(measured.observed, output.observed)
    data = {
        "capture": {"path": options.capture, "points": len(capture.points), **_origin(capture)},
        "collector_version": answer.version,
        "evaluator": answer.evaluator,
        "baseline": itself.as_dict(),
        "candidate": report.as_dict(),
        "money": money,
        "movers": moved.as_dict(),
    }
    heading = f"{candidate.name} on {options.capture} ({origin_text(capture)}), collector {answer.version}"
    cli.emit(data, [heading, *report_blocks(itself, report, money, moved)], options.output_format)


def _refuse_beside_versions(options: WhatifOptions) -> None:
    if options.against_collector is None:
        return
    given = {
        "--baseline": options.baseline,
        "--evaluator columnar": options.evaluator is EvaluatorChoice.COLUMNAR,
        "--critical": options.critical,
        "--output-otlp": options.output_otlp,
        "--cpu": options.cpu,
        "--hosts": options.pricing.hosts,
        "--account-usage": options.pricing.account_usage,
        "--prices": options.pricing.prices,
    }
    if beside := [option for option, value in given.items() if value]:
        raise UsageError(
            f"--against-collector compares two collectors, and {beside[0]} says nothing about that",
            user_action=f"Leave {beside[0]} out, or --against-collector.",
        )


def _compare_versions(cli: Cli, options: WhatifOptions, other: Path) -> None:
    capture = load(options.capture)
    candidate = _candidate(cli, options, capture)
    found = compare_versions(cli, candidate, capture, other, options.pipeline)
    heading = f"{candidate.name} on {options.capture} ({origin_text(capture)})"
    about = {"path": options.capture, "points": len(capture.points), **_origin(capture)}
    data = {"capture": about, "name": candidate.name, **comparison_data(found)}
    cli.emit(data, [heading, *comparison_blocks(found)], options.output_format)
    if not found.same:
        raise typer.Exit(ExitStatus.INVALID if found.nothing_to_compare else ExitStatus.DIFFERENT)


def _warn_of_what_is_not_seen(
    cli: Cli, options: WhatifOptions, candidate: Candidate, baseline: Candidate | None, cadence: Cadence
) -> None:
    """Say where the result speaks of less than the configs do: it begins after the receivers."""
    if baseline is not None and candidate.receivers(options.pipeline) != baseline.receivers(None):
        cli.say(
            "warning: the receivers of the two configs differ. Both are evaluated on what the capture's receivers saw, "
            "so metrics that one of them switches on or off do not show; money is at each one's own interval."
        )
    if cadence.thins_by_clock:
        cli.say(
            "warning: the interval processor thins by the clock, and the capture was recorded at another interval than "
            "this config scrapes at, so its points and bytes are not those of a month: such money is unknown. "
            "Record at the config's interval (capture record --interval) to know it."
        )


def _candidate(cli: Cli, options: WhatifOptions, capture: Capture) -> Candidate:
    if options.template is not None:
        return Candidate.from_template(cli, options.template, options.parameters, capture)
    return Candidate.from_file(cli, options.file or "-")


def _evaluated(cli: Cli, evaluator: Answering, candidate: Candidate, capture: Capture, pipeline: str | None) -> Answer:
    with cli.progress(f"Evaluating {candidate.name}"):
        return evaluator.answer(candidate.document, capture, pipeline=pipeline)


def _origins(answer: Answer, was: Answer | None, capture: Capture) -> Origins | None:
    """Return which points of what the candidate is compared with its own came from, if both evaluations told."""
    if was is None or answer.origins is None:
        return answer.origins
    return None if was.origins is None else answer.origins.against(was.origins, len(capture.points))


def _cpu(cli: Cli, candidate: Candidate, capture: Capture, pipeline: str | None) -> float:
    collector = the_collector(cli)
    with cli.progress(f"Measuring the CPU of {candidate.name}", 1.0) as step:
        cost = measure_cpu(collector.path, candidate.document, capture, pipeline=pipeline, on_progress=step.done)
    return cost.seconds_per_million_points


def _origin(capture: Capture) -> dict[str, object]:
    origin = capture.origin
    return {"host": origin.host, "recorded_at": origin.recorded_at, "recorded_by": origin.collector_version}
