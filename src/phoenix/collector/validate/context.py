"""What every rule is given."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from phoenix.collector.config.document import ConfigPath
from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import ConfigView
from phoenix.collector.config.place import Place
from phoenix.collector.validate.finding import Finding
from phoenix.collector.validate.flow import Route, routes
from phoenix.collector.validate.ottl.groups import TYPES
from phoenix.collector.validate.ottl.reading import Reading, read
from phoenix.telemetry.processes import ProcessPattern


@dataclass(frozen=True)
class RuleContext:
    """A config whose structure is sound, and the processes that must stay visible."""

    view: ConfigView
    critical: Sequence[ProcessPattern] = field(default=())

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """What the OTTL of every filter and transform processor says."""
        return tuple(read(component) for component in self.view.of(Kind.PROCESSORS, *TYPES))

    @cached_property
    def routes(self) -> list[Route]:
        """The ways metrics take."""
        return routes(self.view)

    def place(self, path: ConfigPath) -> Place:
        """Return where a path of the config stands."""
        return self.view.document.locate(path)


Rule = Callable[[RuleContext], Iterator[Finding]]
