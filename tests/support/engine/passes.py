"""Runs the processors of a pipeline as passes over columns, and shows captures as trees that can be compared."""

from typing import Any

import numpy as np
from google.protobuf.message import Message
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValueList

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.replay.timeline import Timeline
from phoenix.engine.frame import Frame
from phoenix.engine.opening import close_frame, open_frame
from phoenix.engine.processors.registry import PROCESSORS, ProcessorConfig
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import encode


def config_of(document: ConfigDocument, name: str, timeline: Timeline) -> ProcessorConfig:
    """Return what a processor of the config is built with."""
    settings = document.data["processors"].get(name)
    settings = {} if settings is None else settings
    return ProcessorConfig(document, name, name.partition("/")[0], settings, timeline.start, timeline.end)


def run_frame(document: ConfigDocument, capture: Capture) -> Frame:
    """Return what leaves the last processor, in columns; memory limiters are built and do not run."""
    timeline = Timeline.of(capture)
    frame = open_frame(capture, timeline)
    for arrays in (frame.arrivals, *(getattr(frame.points, name) for name in frame.points.__slots__)):
        arrays.flags.writeable = False
    for name in document.data["service"]["pipelines"]["metrics"]["processors"]:
        config = config_of(document, name, timeline)
        run = PROCESSORS[config.type](config)
        frame = frame if config.type == "memory_limiter" else run(frame)
    return frame


def run_passes(document: ConfigDocument, capture: Capture) -> Capture:
    """Return what leaves the last processor."""
    return close_frame(run_frame(document, capture))


def trees(capture: Capture) -> list[list[Any]]:
    """Return every request that holds something as nested lists: nodes and points in order, attributes in none."""
    found = []
    for body in encode(capture):
        request = ExportMetricsServiceRequest.FromString(body)
        if request.resource_metrics:
            found.append([_tree(node) for node in request.resource_metrics])
    return found


def _tree(message: Message) -> list[Any]:
    return [(field.name, _said(value, field.name, message)) for field, value in message.ListFields()]


def _said(value: Any, name: str, holder: Message) -> Any:
    if isinstance(value, Message):
        return _tree(value)
    if isinstance(value, float):
        # By its bits: NaN is equal to itself here, and 0.0 is not -0.0.
        return np.float64(value).tobytes()
    if isinstance(value, str | bytes | int):
        return value
    items = [_said(item, "", holder) for item in value]
    is_map = name in ("attributes", "metadata") or isinstance(holder, KeyValueList)
    # By key only: of a key that stands twice the first one counts.
    return sorted(items, key=lambda pair: str(dict(pair).get("key", ""))) if is_map else items
