"""Arguments that are worked out only when a function comes to them."""

from phoenix.engine.columns import Failed
from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.values.value import Value


def reached(argument: Value | Failed) -> Value:
    """Return an argument the function has come to.

    Raises:
        OttlRuntimeError: working it out failed.
    """
    if isinstance(argument, Failed):
        raise OttlRuntimeError(argument.why)
    return argument
