"""Names of process metrics exist."""

from collections.abc import Iterator
from typing import Final

from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import mapping
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Code, Finding, Severity
from phoenix.collector.validate.ottl.reading import written_offset
from phoenix.collector.validate.suggest import did_you_mean, shortened
from phoenix.ottl.syntax import CompareOp, Comparison, Context, Expression, Literal, Path
from phoenix.ottl.walking import walk

UNKNOWN: Final = Code(
    "PROCESS_METRIC_UNKNOWN",
    Severity.ERROR,
    "No process metric has this name. The scraper refuses it; a condition on it never holds.",
    "Use the name of a metric the process scraper has.",
    "metrics of the process scraper; metric names in filter, transform and metrics_transform",
)
CODES: Final = (UNKNOWN,)
# metadata.yaml of the process scraper, collector 0.160; the names ending in @v1 stand behind a feature gate.
PROCESS_METRICS: Final = frozenset(
    f"process.{name}"
    for name in (
        "context_switches",
        "cpu.time",
        "cpu.utilization",
        "disk.io",
        "disk.operations",
        "handles",
        "memory.usage",
        "memory.utilization",
        "memory.virtual",
        "open_file_descriptors",
        "paging.faults",
        "signals_pending",
        "threads",
        "uptime",
    )
)
# What people call the metrics that other tools and drafts of the conventions have.
KNOWN_WRONG: Final = {
    "process.memory.physical": "process.memory.usage",
    "process.memory.physical_usage": "process.memory.usage",
    "process.memory.rss": "process.memory.usage",
    "process.memory.virtual_usage": "process.memory.virtual",
    "process.disk.io.read_bytes": "process.disk.io",
    "process.disk.io.write_bytes": "process.disk.io",
    "process.cpu.percent": "process.cpu.utilization",
    "process.thread.count": "process.threads",
}


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the process metrics that do not exist."""
    view = context.view
    for receiver in view.of(Kind.RECEIVERS, "host_metrics"):
        scraper = mapping(mapping(receiver.settings.get("scrapers")).get("process"))
        for name in mapping(scraper.get("metrics")):
            if name.removesuffix("@v1") not in PROCESS_METRICS and not name.endswith("@v1"):
                path = (*receiver.path, "scrapers", "process", "metrics", name)
                yield _unknown(context, path, name, Severity.ERROR)
    for reading in context.readings:
        for text, expression in reading.expressions:
            for name, offset in _names_asked(expression):
                if name in KNOWN_WRONG:
                    place = view.document.locate_within(text.path, written_offset(text.text, offset))
                    yield UNKNOWN.at(place, _message(name), user_action=_remedy(name), severity=Severity.WARNING)


def _names_asked(expression: Expression) -> Iterator[tuple[str, int]]:
    """Yield each text that the name of a metric is compared with, and where it begins."""
    for part in walk(expression):
        if isinstance(part, Comparison) and part.op is CompareOp.EQ:
            sides = (part.left, part.right)
            if any(isinstance(side, Path) and side.context is Context.METRIC and side.name == "name" for side in sides):
                for side in sides:
                    if isinstance(side, Literal) and isinstance(side.value, str):
                        yield side.value, side.span.start + 1


def _unknown(context: RuleContext, path: tuple[str | int, ...], name: str, severity: Severity) -> Finding:
    return UNKNOWN.at(context.place(path), _message(name), user_action=_remedy(name), severity=severity)


def _message(name: str) -> str:
    near = f'; did you mean "{KNOWN_WRONG[name]}"?' if name in KNOWN_WRONG else did_you_mean(name, PROCESS_METRICS)
    return f"there is no process metric {name}{near}"


def _remedy(name: str) -> str:
    if name in KNOWN_WRONG:
        return f"Use {KNOWN_WRONG[name]}."
    return f"Use one of {shortened(PROCESS_METRICS, 20)}."
