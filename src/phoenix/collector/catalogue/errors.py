"""What can be wrong with a request for a catalogue pipeline: no such template, or a parameter that does not fit.

The public codes start with PIPELINE_; docs/reference/errors.md lists them.
"""

from phoenix.core.errors import InvalidError, NotFoundError


class TemplateNotFoundError(NotFoundError):
    """No template has this name or alias."""

    code = "PIPELINE_TEMPLATE_NOT_FOUND"
    user_action = "List the catalogue with `phoenix pipeline list` and use one of its names."


class ParameterUnknownError(InvalidError):
    """The template has no parameter of this name."""

    code = "PIPELINE_PARAMETER_UNKNOWN"
    user_action = "Leave the parameter out, or use one of those that the template documents."


class ParameterMissingError(InvalidError):
    """A parameter was given without a value, or needs something else that was not given."""

    code = "PIPELINE_PARAMETER_MISSING"
    user_action = "Give the parameter a value."


class ParameterTypeError(InvalidError):
    """The value is not of the parameter's type."""

    code = "PIPELINE_PARAMETER_TYPE"
    user_action = "Write the value in the form that the parameter documents."


class ParameterRangeError(InvalidError):
    """The value has the right type and lies outside what is allowed."""

    code = "PIPELINE_PARAMETER_OUT_OF_RANGE"
    user_action = "Choose a value inside the range that the parameter documents."


class ParameterConflictError(InvalidError):
    """Two parameters, each fine alone, contradict each other."""

    code = "PIPELINE_PARAMETER_CONFLICT"
    user_action = "Change one of the two parameters named."
