"""What an experiment is made of, where a user gives files."""

import math
from pathlib import Path
from typing import Any, Final

from phoenix.cli.context import Cli
from phoenix.cli.experiment.errors import ExperimentFileError
from phoenix.cli.files import STANDARD_INPUT, read_text
from phoenix.client.pipelines import Pipelines
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.errors import ConfigSyntaxError

_SUFFIXES: Final = frozenset({".yaml", ".yml"})


def read_wanted(cli: Cli, path: str) -> dict[str, Any]:
    """Return the fields of an experiment from YAML; a config file named in it is taken from beside it.

    Raises:
        ExperimentFileError: it is no YAML, no mapping, or holds a number that is none.
        PhoenixError: it cannot be read.
    """
    try:
        document = ConfigDocument.parse(read_text(cli.streams, path), path)
    except ConfigSyntaxError as error:
        raise ExperimentFileError(error.message) from error
    wanted = {str(name): value for name, value in document.data.items()}
    for place, scalar in document.scalars():
        if isinstance(scalar.value, float) and not math.isfinite(scalar.value):
            raise ExperimentFileError(f"{document.locate(place)}: {scalar.value} is no number that can be asked for")
    for name in ("baseline_pipeline", "candidate_pipeline"):
        named = wanted.get(name)
        if path != STANDARD_INPUT and isinstance(named, str) and is_file_name(named):
            wanted[name] = str(Path(path).parent / named)
    return wanted


def is_file_name(text: str) -> bool:
    """Return whether a pipeline is named by a file: it ends in .yaml or .yml.

    >>> is_file_name("candidate.yaml"), is_file_name("process-topk-v1@3")
    (True, False)
    """
    return Path(text).suffix in _SUFFIXES


def pipeline_named(cli: Cli, text: str) -> str:
    """Return the reference of a pipeline; a config file is stored as a version of a pipeline of its name.

    Raises:
        PhoenixError: the file cannot be read, or the server refuses it.
    """
    if not is_file_name(text):
        return text
    stored = Pipelines(cli.server).store(Path(text).stem, read_text(cli.streams, text))
    cli.say(f"{text} is stored as {stored['reference']}")
    return str(stored["reference"])
