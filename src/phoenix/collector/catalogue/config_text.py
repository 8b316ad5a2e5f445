"""A rendered plan as the text of a collector config, with the reason of each processor above it."""

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from phoenix.collector.catalogue.template import Step

# Statements are one line each: a folded one cannot be searched for.
_WIDTH = 100_000


def write(
    header: Sequence[str],
    receivers: Mapping[str, Any],
    steps: Sequence[Step],
    exporters: Mapping[str, Any],
) -> str:
    """Return the YAML of a config with one metrics pipeline that runs `steps` in order."""
    processors = CommentedMap({step.name: _plain(step.config) for step in steps})
    for step in steps:
        if step.reason:
            processors.yaml_set_comment_before_after_key(step.name, before=step.reason, indent=2)
    pipeline = {
        "receivers": list(receivers),
        "processors": [step.name for step in steps],
        "exporters": list(exporters),
    }
    config = CommentedMap(
        {
            "receivers": _plain(receivers),
            "processors": processors,
            "exporters": _plain(exporters),
            "service": {"pipelines": {"metrics": pipeline}},
        }
    )
    config.yaml_set_start_comment("\n".join(header))
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(config, stream)
    return stream.getvalue()


def _plain(value: Any) -> Any:
    """Return mappings and sequences as the dicts and lists that the writer knows."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
