"""Arguments that the commands on experiments share."""

from typing import Annotated

import typer

ExperimentArgument = Annotated[str, typer.Argument(help="Id of the experiment.")]
