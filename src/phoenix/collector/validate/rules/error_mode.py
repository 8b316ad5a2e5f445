"""filter and transform say what happens when a statement fails."""

from collections.abc import Iterator
from typing import Final

from phoenix.collector.config.names import Kind
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Code, Finding, Severity

NOT_SET: Final = Code(
    "ERROR_MODE_NOT_SET",
    Severity.WARNING,
    "Collector 0.153 changed the default from propagate to ignore: the same text loses data on one version and quietly"
    " does nothing on another.",
    "Say error_mode: propagate.",
    "error_mode of filter and transform",
)
HIDES_ERRORS: Final = Code(
    "ERROR_MODE_HIDES_ERRORS",
    Severity.WARNING,
    "With ignore or silent a statement that fails does nothing: what was to be dropped is exported as it was.",
    "Say error_mode: propagate, at least until the pipeline is proved.",
    "error_mode of filter and transform",
)
CODES: Final = (NOT_SET, HIDES_ERRORS)


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the processors whose failures would not be seen."""
    for processor in context.view.of(Kind.PROCESSORS, "filter", "transform"):
        mode = processor.settings.get("error_mode")
        if mode is None:
            yield NOT_SET.at(context.place(processor.path), f"{processor.key} does not say error_mode")
        elif mode in ("ignore", "silent"):
            message = f"{processor.key} says error_mode: {mode}"
            yield HIDES_ERRORS.at(context.place((*processor.path, "error_mode")), message)
