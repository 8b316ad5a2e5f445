"""Extensions that components of the candidate name: storage, authentication, encodings."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from phoenix.collector.compose.names import Names
from phoenix.collector.compose.parts import ConfigParts, Part
from phoenix.collector.compose.receivers import same
from phoenix.collector.compose.text import copied
from phoenix.collector.config.names import Kind

# The keys under which components name an extension; `id` only below `middlewares`.
_NAMING: Final = frozenset({"authenticator", "additional_auth", "storage", "encoding", "encoding_extension"})
_MIDDLEWARES: Final = "middlewares"


class Extensions:
    """The extensions of the candidate's arm: the baseline's where they are equal, else its own under new names.

    A storage keeps one file for each component, named by its id. The arm's ids are its own, so no state is shared even
    in one storage.

    Attributes:
        own: settings of the arm's own extensions by their new ids.
        started: ids that the service must start, the baseline's included.
    """

    def __init__(self, candidate: ConfigParts, baseline: ConfigParts, names: Names) -> None:
        self._candidate, self._baseline, self._names = candidate, baseline, names
        self._chosen: dict[str, str] = {}
        self.own: dict[str, Any] = {}
        self.started: list[str] = []

    def renamed_in(self, settings: Any) -> Any:
        """Return a copy of a component's settings with the arm's names of the extensions it uses."""
        return _renamed(copied(settings), "", "", self._choose)

    @property
    def unused(self) -> list[str]:
        """The extensions that the candidate starts and no component of its arm names."""
        return [name for name in self._candidate.extensions if name not in self._chosen]

    def _choose(self, name: str) -> str:
        extension = self._candidate.of(Kind.EXTENSIONS).get(name.strip())
        if extension is None:
            return name
        if extension.id not in self._chosen:
            equal = self._equal(extension)
            # Taken before its own settings are read, so that extensions which name each other come to an end.
            chosen = equal or self._names.candidate(extension.type, extension.name)
            self._chosen[extension.id] = chosen
            if not equal:
                self.own[chosen] = self.renamed_in(extension.settings)
            self.started.append(chosen)
        return self._chosen[extension.id]

    def _equal(self, extension: Part) -> str:
        others = self._baseline.of(Kind.EXTENSIONS).values()
        found = [part.id for part in others if part.type == extension.type and same(part.settings, extension.settings)]
        return extension.id if extension.id in found else next(iter(found), "")


def _renamed(value: Any, key: str, above: str, choose: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _renamed(item, name, key, choose) for name, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, key, above, choose) for item in value]
    names = key in _NAMING or (key == "id" and above == _MIDDLEWARES)
    return choose(value) if names and isinstance(value, str) else value
