"""The codes of what only the real binary finds."""

from typing import Final

from phoenix.collector.validate.finding import Code, Severity

UNRESOLVED: Final = Code(
    "COLLECTOR_CANNOT_RESOLVE",
    Severity.ERROR,
    "The collector cannot replace a ${...}: no such provider, or a name that is no environment variable's.",
    "Write ${env:NAME} with a name of letters, digits and underscores.",
    "the binary's own check: ${...}",
)
UNKNOWN_TYPE: Final = Code(
    "COLLECTOR_TYPE_UNKNOWN",
    Severity.ERROR,
    "The binary has no such component built in.",
    "Correct the type, or use a collector that has it.",
    "the binary's own check: types of components",
)
NOT_BUILT: Final = Code(
    "COLLECTOR_PIPELINES_NOT_BUILT",
    Severity.ERROR,
    "The components are right each for itself, but the collector cannot build the pipelines of them.",
    "Change what the message names.",
    "the binary's own check: building the pipelines",
)
REFUSED: Final = Code(
    "COLLECTOR_REFUSED",
    Severity.ERROR,
    "The collector refuses the config in words that Phoenix cannot place.",
    "Read the collector's message.",
    "the binary's own check",
)
KEY_IGNORED: Final = Code(
    "COLLECTOR_KEY_IGNORED",
    Severity.WARNING,
    "Some components take no notice of keys they do not know, so a typing error means the default.",
    "Correct the key, or take it out.",
    "keys of HTTP exporters and host_metrics that are missing in what the binary makes of them",
)
CRASHED: Final = Code(
    "COLLECTOR_CRASHED",
    Severity.ERROR,
    "The collector crashed while it checked the config; it would crash on every host.",
    "Take out what was changed last, and report the crash to the collector's project.",
    "the binary's own check",
)
TOO_SLOW: Final = Code(
    "COLLECTOR_CHECK_TOO_SLOW",
    Severity.ERROR,
    "The collector did not finish checking the config in time and was killed; a host would hang at start.",
    "Make the config simpler; long lists of conditions are better written as one expression.",
    "the binary's own check",
)
TOO_LARGE: Final = Code(
    "COLLECTOR_CHECK_TOO_LARGE",
    Severity.ERROR,
    "The collector used more memory than allowed while it checked the config and was killed.",
    "Make the config smaller, or the sandbox's memory limit larger.",
    "the binary's own check",
)
CODES: Final = (
    UNRESOLVED,
    UNKNOWN_TYPE,
    NOT_BUILT,
    REFUSED,
    KEY_IGNORED,
    CRASHED,
    TOO_SLOW,
    TOO_LARGE,
)
