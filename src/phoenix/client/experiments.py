"""Experiments, as the API speaks of them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from phoenix.client.connection import Connection, Document
from phoenix.client.paths import segment

ENDED: Final = frozenset({"completed", "failed", "cancelled"})
_PAGE: Final = 200


class Experiments:
    """The experiments of one server."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, wanted: Mapping[str, Any]) -> Document:
        """Make an experiment, or only say what it would do, and return `experiment` (or None) and `plan`."""
        return self._connection.send("POST", "/experiments", wanted)

    def select(self, *, namespace: str | None = None, phase: str | None = None, limit: int = 50) -> list[Document]:
        """Return the newest experiments, at most `limit`."""
        found: list[Document] = []
        for experiment in self._pages({"namespace": namespace, "phase": phase, "limit": min(limit, _PAGE)}):
            if len(found) == limit:
                break
            found.append(experiment)
        return found

    def get(self, experiment: str) -> Document:
        """Return one experiment."""
        return self._connection.get(_path(experiment))

    def status(self, experiment: str) -> Document:
        """Return how far an experiment has come, and how it got there."""
        return self._connection.get(f"{_path(experiment)}/status")

    def metrics(self, experiment: str) -> list[Document]:
        """Return every window so far, by start and host."""
        found: list[Document] = self._connection.get(f"{_path(experiment)}/metrics")["items"]
        return found

    def compare(self, experiment: str) -> Document:
        """Return the comparison of both arms."""
        return self._connection.get(f"{_path(experiment)}/compare")

    def start(self, experiment: str) -> Document:
        """Claim the hosts and begin."""
        return self._connection.send("POST", f"{_path(experiment)}/start")

    def stop(self, experiment: str, reason: str) -> Document:
        """End it; it is cancelled once its hosts are back."""
        return self._connection.send("POST", f"{_path(experiment)}/stop", {"reason": reason})

    def retry(self, experiment: str, timeout_seconds: float | None) -> Document:
        """Begin again one that failed or was cancelled."""
        body = {} if timeout_seconds is None else {"timeout_seconds": timeout_seconds}
        return self._connection.send("POST", f"{_path(experiment)}/retry", body)

    def promote(self, experiment: str, reason: str) -> Document:
        """Make the candidate what the hosts run."""
        return self._connection.send("POST", f"{_path(experiment)}/promote", {"reason": reason})

    def _pages(self, query: Mapping[str, Any]) -> Iterator[Document]:
        before = None
        while True:
            page = self._connection.get("/experiments", {**query, "before": before})
            yield from page["items"]
            before = page["next_before"]
            if before is None:
                return


def _path(experiment: str) -> str:
    return f"/experiments/{segment(experiment)}"
