"""Hosts, as the API speaks of them."""

from collections.abc import Mapping

from phoenix.client.connection import Connection, Document
from phoenix.client.paths import segment


class Hosts:
    """The hosts of one server."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def select(self, selector: str = "") -> list[Document]:
        """Return the hosts that a selector (`app=web,!retired`) selects; all of them when it is empty."""
        found: list[Document] = self._connection.get("/hosts", {"selector": selector or None})["hosts"]
        return found

    def get(self, host: str) -> Document:
        """Return one host, named by its id or name."""
        return self._connection.get(f"/hosts/{segment(host)}")

    def history(self, host: str) -> list[Document]:
        """Return what happened to a host, oldest first."""
        found: list[Document] = self._connection.get(f"/hosts/{segment(host)}/history")["events"]
        return found

    def diagnose(self, host: str) -> Document:
        """Return what ails a host, and what to do next."""
        return self._connection.get(f"/hosts/{segment(host)}/diagnosis")

    def restore(self, host: str, reason: str) -> Document:
        """Let a host go back to its last verified config, and return it."""
        return self._connection.send("POST", f"/hosts/{segment(host)}/restore", {"reason": reason})

    def enrol(self, name: str, labels: Mapping[str, str], config: str, *, again: bool = False) -> Document:
        """Enrol a host and return it with its credential, which is shown this once.

        Args:
            name: of the host.
            labels: of the host.
            config: that its collector runs until something better is verified; empty for the built-in baseline.
            again: renew a host that is enrolled already; its old credential ends.
        """
        body = {"name": name, "labels": dict(labels), "config": config, "again": again}
        return self._connection.send("POST", "/hosts", body)
