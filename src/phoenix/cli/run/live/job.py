"""The live part from end to end: server, host, experiment; then serving on, or nothing left."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from phoenix.cli.context import Cli
from phoenix.cli.experiment.showing.comparison import comparison_blocks
from phoenix.cli.run.live.experiment import BASELINE, LiveDesign, Measured, measure_live, next_steps
from phoenix.cli.run.live.host import local_host
from phoenix.cli.run.live.plane import Plane, control_plane
from phoenix.cli.terminal.blocks import Block, Verbatim
from phoenix.collector.catalogue import registry


@dataclass(frozen=True, slots=True)
class Live:
    """What the live part found, while its server and collector still run.

    Attributes:
        measured: what the experiment came to.
        plane: the server.
        host: this machine's name there.
    """

    measured: Measured
    plane: Plane
    host: str

    @property
    def comparison(self) -> Mapping[str, Any]:
        """The comparison of both arms, as `phoenix experiment compare` tells it."""
        return self.measured.comparison

    def blocks(self) -> list[Block]:
        """Return the comparison for people."""
        return ["Live, both arms on the same scrapes:", *comparison_blocks(self.comparison)]

    def next_steps(self, program: str) -> Block:
        """Return how to look, stop and promote; `program` is how this user calls phoenix."""
        # A line that a terminal breaks can be pasted whole; one that was broken when it was written cannot.
        return Verbatim(next_steps(self.measured, self.host, self.plane.prefix + program) + "\n")

    def serve(self) -> None:
        """Serve until Ctrl-C, which is how that is meant to end.

        Raises:
            ServerEndedError: the server ended by itself.
        """
        with contextlib.suppress(KeyboardInterrupt):
            self.plane.server.wait()


@contextlib.contextmanager
def live_experiment(cli: Cli, design: LiveDesign, *, keep: bool) -> Iterator[Live]:
    """Give the result of an experiment on this machine; server and collector are stopped after the block.

    Args:
        cli: of the command.
        design: what is compared.
        keep: see `control_plane`.

    Raises:
        PhoenixError: server, collector or experiment did not come to their end; nothing is left running.
    """
    with control_plane(cli, keep=keep) as plane:
        cli.say(f"The server serves on {plane.server.url}; its log is {plane.log}.")
        config = registry.render(BASELINE, design.parameters).text
        with local_host(plane, config) as host:
            name = host["name"]
            yield Live(measure_live(plane.cli, name, design), plane, name)
