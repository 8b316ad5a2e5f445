"""An error that stops a request before its operation is called."""

from starlette.exceptions import HTTPException

from phoenix.core.errors import PhoenixError
from phoenix.edge.http.problems import status_of


class Refusal(HTTPException):
    """Carries the error. FastAPI lets its own kind of exception through wherever it reads a body."""

    def __init__(self, error: PhoenixError, *, status: int | None = None) -> None:
        super().__init__(status or status_of(error), error.message)
        self.error = error
