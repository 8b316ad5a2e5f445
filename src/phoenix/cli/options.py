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
