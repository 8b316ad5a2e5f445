"""Every pipeline of the catalogue on one capture: what it saves, what it loses, what it costs the collector."""

from collections.abc import Sequence

from phoenix.cli.context import Cli
from phoenix.cli.evaluation.candidate import Candidate
from phoenix.cli.programs import the_collector
from phoenix.collector.catalogue import registry
from phoenix.collector.catalogue.thresholds import kept_per_scrape
from phoenix.collector.cost import measure_cpu
from phoenix.collector.evaluator import Evaluator
from phoenix.decide.report import Measured, PipelineReport, compare
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.processes import ProcessPattern


def evaluate_catalogue(
    cli: Cli, evaluator: Evaluator, capture: Capture, *, critical: Sequence[ProcessPattern], cpu_seconds: float
) -> list[PipelineReport]:
    """Return a report for each template, in the catalogue's order, against what the receivers saw.

    Raises:
        PhoenixError: the collector refuses a rendered config, which is a bug in the catalogue, or cannot be run.
    """
    names = registry.names()
    given = {"critical_processes": [pattern.text for pattern in critical]}
    candidates = [Candidate.from_template(cli, name, given, capture) for name in names]
    with cli.progress("Evaluating the catalogue", len(names)) as step:
        measured = Measured.of(capture)
        outputs = []
        for done, candidate in enumerate(candidates, 1):
            step.says(candidate.name)
            outputs.append(evaluator.evaluate(candidate.document, capture))
            step.done(done)
    costs = _cpu(cli, candidates, capture, cpu_seconds)
    return [
        compare(
            candidate.name,
            measured,
            output,
            declared=candidate.fold_map,
            critical=critical,
            exporters=candidate.exporters(None),
            host_attributes=candidate.host_attributes,
            cadence=candidate.cadence(None, capture),
            cpu_seconds_per_million_points=cost,
            processes_per_scrape=kept_per_scrape(output),
        )
        for candidate, output, cost in zip(candidates, outputs, costs, strict=True)
    ]


def _cpu(cli: Cli, candidates: Sequence[Candidate], capture: Capture, cpu_seconds: float) -> list[float]:
    """Return CPU-seconds per million points of each, measured with the collector itself, one after the other."""
    program = the_collector(cli).path
    costs = []
    with cli.progress("Measuring processor time", len(candidates)) as step:
        for done, candidate in enumerate(candidates):
            step.says(candidate.name)
            cost = measure_cpu(
                program,
                candidate.document,
                capture,
                min_cpu_seconds=cpu_seconds,
                on_progress=lambda share, done=done: step.done(done + share),  # type: ignore[misc]
            )
            costs.append(round(cost.seconds_per_million_points, 2))
    return costs
