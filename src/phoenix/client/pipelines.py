"""Pipelines, as the API speaks of them."""

from collections.abc import Mapping

from phoenix.client.connection import Connection, Document


class Pipelines:
    """The pipelines of one server."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def store(self, name: str, text: str) -> Document:
        """Store a config as the next version of a pipeline and return the version; the same text is stored once."""
        return self._connection.send("POST", "/pipelines", {"name": name, "text": text})

    def render(self, template: str, parameters: Mapping[str, object]) -> Document:
        """Store a template of the catalogue with these parameters and return the version."""
        return self._connection.send("POST", "/pipelines", {"template": template, "parameters": dict(parameters)})
