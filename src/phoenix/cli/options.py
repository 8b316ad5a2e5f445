"""Options that several commands share, so that they are spelt and explained alike."""

from typing import Annotated

import typer

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
