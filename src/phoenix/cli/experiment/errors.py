"""What `phoenix experiment` can refuse before it asks the server."""

from phoenix.core.errors import InvalidError


class ExperimentFileError(InvalidError):
    """The file is not the YAML of an experiment."""

    code = "EXPERIMENT_FILE_INVALID"
    user_action = "Correct the YAML at the place named; fields are such as baseline_pipeline: process-baseline-v1."
