"""Making a case that differs smaller: processors, statements, requests and points are taken away while it differs."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support.parity.case import Case

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode, encode


def shrunk(case: Case, differs: Callable[[Case], bool]) -> Case:
    """Return a case from which nothing more can be taken away."""
    while True:
        smaller = next((other for other in _smaller(case) if differs(other)), None)
        if smaller is None:
            return case
        case = smaller


def _smaller(case: Case) -> Iterator[Case]:
    if case.forwarded is not None:
        yield case.with_(forwarded=None)
    for name in case.processors:
        rest = {other: settings for other, settings in case.processors.items() if other != name}
        if rest:
            yield case.with_(processors=rest)
    for capture in _smaller_captures(case.capture):
        yield case.with_(capture=capture)
    for name, settings in case.processors.items():
        for smaller in _smaller_settings(settings):
            yield case.with_(processors={**case.processors, name: smaller})


def _smaller_settings(settings: Any) -> Iterator[Any]:
    if isinstance(settings, Mapping):
        for key, value in settings.items():
            yield {other: held for other, held in settings.items() if other != key}
            for smaller in _smaller_settings(value):
                yield {**settings, key: smaller}
    elif isinstance(settings, list) and settings:
        for index, value in enumerate(settings):
            if len(settings) > 1:
                yield settings[:index] + settings[index + 1 :]
            for smaller in _smaller_settings(value):
                yield [*settings[:index], smaller, *settings[index + 1 :]]
    elif isinstance(settings, str) and " where " in settings:
        yield settings.partition(" where ")[0]


def _smaller_captures(capture: Capture) -> Iterator[Capture]:
    requests = encode(capture)
    if len(requests) > 1:
        half = len(requests) // 2
        for kept in (requests[:half], requests[half:]):
            yield decode(kept)
        for index in range(len(requests)):
            yield decode(requests[:index] + requests[index + 1 :])
    else:
        yield from _fewer_points(capture)


def _fewer_points(capture: Capture) -> Iterator[Capture]:
    # Within the only request, one resource less, then one metric less.

    for request in encode(capture):
        parsed = ExportMetricsServiceRequest.FromString(request)
        for index in range(len(parsed.resource_metrics)):
            copy = ExportMetricsServiceRequest.FromString(request)
            del copy.resource_metrics[index]
            yield decode([copy.SerializeToString()])
        for r, resource in enumerate(parsed.resource_metrics):
            for s, scope in enumerate(resource.scope_metrics):
                for index in range(len(scope.metrics)):
                    copy = ExportMetricsServiceRequest.FromString(request)
                    del copy.resource_metrics[r].scope_metrics[s].metrics[index]
                    yield decode([copy.SerializeToString()])
