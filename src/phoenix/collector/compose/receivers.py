"""Which receivers both arms of an experiment share: the equal ones, so that both see the same scrape."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from phoenix.collector.compose.parts import ConfigParts, Part
from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import mapping

# Receivers that wait for others to send, by type, with the addresses they listen on when none is written. Two of one
# type cannot listen on one address.
_LISTENING: Final[Mapping[str, Mapping[str, str]]] = {
    "otlp": {"grpc": "localhost:4317", "http": "localhost:4318"},
    "carbon": {"": "localhost:2003"},
    "statsd": {"": "localhost:8125"},
    "zipkin": {"": "localhost:9411"},
    "influxdb": {"": "localhost:8086"},
    "signalfx": {"": "localhost:9943"},
    "splunk_hec": {"": "localhost:8088"},
    "datadog": {"": "localhost:8126"},
    "collectd": {"": "localhost:8081"},
    "otelarrow": {"grpc": "localhost:4317"},
    "prometheus_remote_write": {"": "localhost:9090"},
}
_SHOWN: Final = 4


class Sharing(Enum):
    """How a receiver of the candidate stands to those of the baseline."""

    SHARED = auto()
    SHARED_ADDRESS = auto()
    OWN = auto()


@dataclass(frozen=True, slots=True)
class Shared:
    """What became of one receiver of the candidate.

    Attributes:
        id: the baseline's receiver; empty when the candidate gets its own.
        unpaired: why the arms do not see the same of it; empty when they do.
        note: what else a user should know; empty when nothing.
    """

    how: Sharing
    id: str = ""
    unpaired: str = ""
    note: str = ""


def shared(receiver: Part, baseline: ConfigParts) -> Shared:
    """Return which of the baseline's receivers stands for one of the candidate's."""
    started = {reference for pipeline in baseline.pipelines for reference in pipeline.receivers}
    measured = {reference for pipeline in baseline.metrics for reference in pipeline.receivers}

    def rank(other: Part) -> tuple[bool, bool, bool]:
        return other.id not in measured, other.id not in started, other.id != receiver.id

    of_type = sorted((part for part in baseline.of(Kind.RECEIVERS).values() if part.type == receiver.type), key=rank)
    for other in of_type:
        if same(other.settings, receiver.settings):
            return Shared(Sharing.SHARED, other.id, _unread(other, measured))
    for other in of_type:
        if other.id in started and (addresses := _addresses(other) & _addresses(receiver)):
            differing = ", ".join(differences(other.settings, receiver.settings))
            note = (
                f"Receiver {receiver.id} of the candidate listens on {min(addresses)} as {other.id} of the baseline "
                f"does: both arms read the baseline's, so what the candidate changes in it ({differing}) is not tried."
            )
            return Shared(Sharing.SHARED_ADDRESS, other.id, _unread(other, measured), note)
    nearest = next(iter(of_type), None)
    if nearest is None:
        return Shared(Sharing.OWN, unpaired=f"Receiver {receiver.id} of the candidate is not in the baseline.")
    differing = ", ".join(differences(nearest.settings, receiver.settings))
    what = "is sent other data" if receiver.type in _LISTENING else "collects for itself"
    return Shared(
        Sharing.OWN,
        unpaired=f"Receiver {receiver.id} of the candidate differs from {nearest.id} of the baseline ({differing}): "
        f"each arm {what}.",
    )


def same(one: Any, other: Any) -> bool:
    """Return whether two settings mean the same; nothing and an empty mapping do.

    >>> same({"scrapers": {"cpu": None}}, {"scrapers": {"cpu": {}}}), same(1, True)
    (True, False)
    """
    return next(differences(one, other), None) is None


def differences(one: Any, other: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the keys at which two settings differ, in the order of the text, a few of them."""
    found = _differing(one, other, path)
    for number, key in enumerate(found):
        if number == _SHOWN:
            yield "..."
            return
        yield key


def _differing(one: Any, other: Any, path: tuple[str, ...]) -> Iterator[str]:
    if (one is None or isinstance(one, Mapping)) and (other is None or isinstance(other, Mapping)):
        mine, others = mapping(one), mapping(other)
        for key in dict.fromkeys((*mine, *others)):
            if key in mine and key in others:
                yield from _differing(mine[key], others[key], (*path, str(key)))
            else:
                yield "::".join((*path, str(key)))
    elif type(one) is not type(other) or one != other:
        yield "::".join(path) or "its settings"


def _unread(receiver: Part, measured: set[str]) -> str:
    if receiver.id in measured:
        return ""
    return f"Receiver {receiver.id} is in the baseline, but none of its metrics pipelines reads it."


def _addresses(receiver: Part) -> set[str]:
    defaults = _LISTENING.get(receiver.type)
    if defaults is None:
        return set()
    settings = mapping(receiver.settings)
    if "" in defaults:
        return {_port(settings.get("endpoint") or defaults[""])}
    protocols = mapping(settings.get("protocols"))
    return {
        _port(mapping(protocols[protocol]).get("endpoint") or default)
        for protocol, default in defaults.items()
        if protocol in protocols
    }


def _port(address: Any) -> str:
    """Return what may be listened on once: a port of whatever interface, or a path."""
    text = str(address)
    return text if text.startswith(("/", "unix")) else f"port {text.rpartition(':')[2]}"
