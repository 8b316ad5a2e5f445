"""What goes wrong while statements run: per row, and never further than the engine.

What the engine refuses is `collector.errors.UnsupportedComponentError`; what the collector would have answered an error
for is `EvaluationFailedError`.
"""


class OttlRuntimeError(Exception):
    """One function, path or operator cannot do its work on one row's values; `error_mode` says what comes of it.

    Raised by scalar functions, caught by the evaluation of columns, which keeps it beside the row as a failed value.
    """


class NotColumnarError(Exception):
    """Something that cannot be done in columns; whoever knows its place turns it into UnsupportedComponentError.

    Attributes:
        what: the feature, in a few words, such as "function ParseXML" or "option convert_type of attributes".
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
