"""What is new in an agent's message: from the wire's words to those of the feature above.

An agent repeats everything when it is asked to. What was said in the same words before is no news and goes no further.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from phoenix.edge.opamp.agents import AgentReport, ConfigStatus, Health
from phoenix.edge.opamp.session.rules import Spoken
from phoenix.protocol import opamp_pb2 as pb

_STATUSES: Final[Mapping[int, ConfigStatus]] = {
    pb.REMOTE_CONFIG_STATUSES_UNSET: ConfigStatus.UNSET,
    pb.REMOTE_CONFIG_STATUSES_APPLIED: ConfigStatus.APPLIED,
    pb.REMOTE_CONFIG_STATUSES_APPLYING: ConfigStatus.APPLYING,
    pb.REMOTE_CONFIG_STATUSES_FAILED: ConfigStatus.FAILED,
}

_Part = Literal["agent_description", "health", "effective_config", "remote_config_status", "available_components"]


class Known:
    """Hashes of what an agent said last, by the field that said it; the words themselves are not kept."""

    __slots__ = ("_hashes",)

    def __init__(self) -> None:
        self._hashes: dict[str, int] = {}

    def is_news(self, field: str, words: object) -> bool:
        """Return whether this differs from what was said last, and remember it."""
        fresh = hash(repr(words))
        if self._hashes.get(field) == fresh:
            return False
        self._hashes[field] = fresh
        return True

    def forget_status(self) -> None:
        """Let the next status be news whatever it is: a config has just been offered."""
        self._hashes.pop("remote_config_status", None)


def spoken(message: pb.AgentToServer) -> Spoken:
    """Return what the rules of the session need to know of a message."""
    return Spoken(
        sequence=message.sequence_num,
        full=message.HasField("agent_description"),
        heartbeats=bool(message.capabilities & pb.AGENT_CAPABILITIES_REPORTS_HEARTBEAT),
        components=message.available_components.hash,
        listed=bool(message.available_components.components),
    )


def report(message: pb.AgentToServer, known: Known, *, new_process: bool) -> AgentReport | None:
    """Return what is new in a message, or None: it is a heartbeat, or says what was said before."""
    news: dict[str, Any] = {}
    for field, said in _PARTS.items():
        if message.HasField(field) and (words := said(message)) and known.is_news(field, words):
            news |= words
    # An agent may leave its capabilities out, as 0, when they have not changed.
    if message.capabilities and known.is_news("capabilities", message.capabilities):
        news["capabilities"] = message.capabilities
    if message.HasField("agent_disconnect"):
        news["goodbye"] = True
    return AgentReport(**news, new_process=new_process) if news or new_process else None


def _description(message: pb.AgentToServer) -> dict[str, Any]:
    description = message.agent_description
    pairs = (*description.non_identifying_attributes, *description.identifying_attributes)
    return {"attributes": {pair.key: _plain_text(pair.value) for pair in pairs}}


def _effective(message: pb.AgentToServer) -> dict[str, Any]:
    # A supervisor that has just started reports an empty text before its collector reports the real one.
    text = _text(message.effective_config.config_map)
    return {"effective": text} if text else {}


def _status(message: pb.AgentToServer) -> dict[str, Any]:
    status = message.remote_config_status
    return {
        "status": _STATUSES.get(status.status, ConfigStatus.UNSET),
        "status_digest": status.last_remote_config_hash.hex(),
        "status_error": status.error_message,
    }


def _components(message: pb.AgentToServer) -> dict[str, Any]:
    components = message.available_components.components
    listed = {kind: tuple(sorted(components[kind].sub_component_map)) for kind in sorted(components)}
    return {"components": listed} if listed else {}


def _plain_text(value: pb.AnyValue) -> str:
    plain = _plain(value)
    return plain if isinstance(plain, str) else json.dumps(plain)


def _plain(value: pb.AnyValue) -> Any:
    match value.WhichOneof("value"):
        case None:
            return ""
        case "array_value":
            return [_plain(item) for item in value.array_value.values]
        case "kvlist_value":
            return {pair.key: _plain(pair.value) for pair in value.kvlist_value.values}
        case "bytes_value":
            return value.bytes_value.hex()
        case kind:
            return getattr(value, kind)


def _health(health: pb.ComponentHealth) -> Health:
    inner = health.component_health_map
    return Health(
        health.healthy, health.status, health.last_error, {name: _health(inner[name]) for name in sorted(inner)}
    )


def _text(files: pb.AgentConfigMap) -> str:
    """Return the config's text; of several files, each below its name, in the order in which an agent merges them."""
    texts = {name: file.body.decode(errors="replace") for name, file in files.config_map.items()}
    if len(texts) <= 1:
        return next(iter(texts.values()), "")
    return "\n".join(f"# {name}\n{texts[name]}" for name in sorted(texts, key=lambda name: (name == "", name)))


_PARTS: Final[Mapping[_Part, Callable[[pb.AgentToServer], dict[str, Any]]]] = {
    "agent_description": _description,
    "health": lambda message: {"health": _health(message.health)},
    "effective_config": _effective,
    "remote_config_status": _status,
    "available_components": _components,
}
