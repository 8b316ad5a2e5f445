"""Critical processes: those of the command line, else of the settings, else the catalogue's."""

from collections.abc import Sequence

from phoenix.cli.context import Cli
from phoenix.collector.catalogue.parameters.common import CRITICAL_PROCESSES
from phoenix.collector.catalogue.parameters.reading import patterns
from phoenix.telemetry.processes import ProcessPattern


def critical_patterns(cli: Cli, given: Sequence[str]) -> tuple[ProcessPattern, ...]:
    """Return the patterns of the processes that must stay.

    Raises:
        ProcessPatternError: one is empty, or not RE2.
    """
    texts = given or cli.settings.critical_processes
    return patterns(texts) if texts else patterns(CRITICAL_PROCESSES.default)
