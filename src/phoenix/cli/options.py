"""Options that several commands share, so that they are spelt and explained alike."""

from typing import Annotated

import typer

from phoenix.core.units import DurationError, parse_duration
from phoenix.settings.output_format import OutputFormat

OutputFormatOption = Annotated[
    OutputFormat | None,
    typer.Option(
        "-o",
        "--output-format",
        help="How to write the result. Default: PHOENIX_OUTPUT_FORMAT, else table.",
        show_default=False,
        case_sensitive=False,
    ),
]

CriticalOption = Annotated[
    list[str] | None,
    typer.Option(
        "--critical",
        metavar="PATTERN",
        help="A process that must stay: a name, an RE2 expression, or attribute=expression; may be given several "
        "times. Default: the setting critical_processes, else the catalogue's list.",
        show_default=False,
    ),
]


def option_seconds(option: str, text: str | None) -> float | None:
    """Return the seconds of an option's duration; None when it was not given.

    Raises:
        DurationError: it is no duration; the message names the option.
    """
    try:
        return None if text is None else parse_duration(text)
    except DurationError as error:
        raise DurationError(f"{option}: {error.message}") from error
