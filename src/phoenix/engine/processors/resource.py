"""The resource processor of 0.160: actions on the attributes of resources."""

from phoenix.engine.frame import Frame, Level
from phoenix.engine.processors.attraction.actions import read_actions
from phoenix.engine.processors.attraction.work import with_changed
from phoenix.engine.processors.registry import Pass, ProcessorConfig
from phoenix.engine.processors.settings import Settings


def build(config: ProcessorConfig) -> Pass:
    """Return the pass; once per distinct resource, and nodes that become equal stay separate nodes.

    Raises:
        ConfigRefusedError: the collector would not start.
    """
    change = read_actions(Settings.of(config, "attributes"), "attributes")

    def run(frame: Frame) -> Frame:
        return with_changed(frame, Level.RESOURCE, change)

    return run
