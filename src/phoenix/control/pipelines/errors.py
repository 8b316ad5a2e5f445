"""What can be wrong with a pipeline, or with the way one is named. The catalogue has errors of its own."""

from phoenix.core.errors import InvalidError, NotFoundError


class PipelineInvalidError(InvalidError):
    """The config would not run, or would do harm. Details: `findings`, each with code, line, column and remedy."""

    code = "PIPELINE_INVALID_CONFIG"
    user_action = "Correct the config at the places named; `phoenix pipeline validate FILE` checks it again."


class PipelineNotFoundError(NotFoundError):
    """There is no pipeline, or no version, of this name."""

    code = "PIPELINE_NOT_FOUND"
    user_action = "List the pipelines, and write NAME, NAME@VERSION, or the name of a template of the catalogue."


class PipelineNameError(InvalidError):
    """The name cannot be a pipeline's, or is the catalogue's."""

    code = "PIPELINE_NAME_INVALID"
    user_action = "Use up to 100 lower-case letters, digits and hyphens, and no name of the catalogue."


class PipelineParametersError(InvalidError):
    """Parameters were given for a pipeline that is a text, not a template."""

    code = "PIPELINE_PARAMETERS_REFUSED"
    user_action = "Leave the parameters out, or name a template of the catalogue."
