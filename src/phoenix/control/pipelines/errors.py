"""What can be wrong with the way a pipeline is named.

A config that validation refuses is a `ConfigSyntaxError` (PIPELINE_INVALID_CONFIG); the catalogue has its own errors.
"""

from phoenix.core.errors import InvalidError, NotFoundError


class PipelineNotFoundError(NotFoundError):
    """There is no pipeline, or no version, of this name."""

    code = "PIPELINE_UNKNOWN"
    user_action = "List the pipelines, and write NAME, NAME@VERSION, or the name of a template of the catalogue."


class PipelineNameError(InvalidError):
    """The name cannot be a pipeline's, or is the catalogue's."""

    code = "PIPELINE_NAME_INVALID"
    user_action = "Use up to 100 lower-case letters, digits and hyphens, and no name of the catalogue."


class PipelineParametersError(InvalidError):
    """Parameters were given for a pipeline that is a text, not a template."""

    code = "PIPELINE_PARAMETERS_REFUSED"
    user_action = "Leave the parameters out, or name a template of the catalogue."
