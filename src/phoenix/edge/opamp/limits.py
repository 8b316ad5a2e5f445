"""What an agent may take of the server, and how long things may last. Made by `server`, from settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OpampLimits:
    """Bounds of the wire; the defaults suit the stock supervisor.

    Attributes:
        message_bytes: largest message of an agent, unpacked. The web server's own limit (uvicorn: `ws_max_size`) must
            not be smaller: with the frame's header, 4 MiB. The largest measured, 15,000 OTTL statements, had 1.2 MB.
        heartbeat_seconds: offered to agents that send heartbeats; at least 1, for 0 would turn heartbeats off.
        silent_seconds: an agent that sends heartbeats, or polls, and was not heard for so long is gone.
        first_message_seconds: from the upgrade to the first message.
        body_seconds: for the whole body of a POST.
        send_seconds: an agent that does not read for so long is closed.
        probe_seconds: a socket that does not answer for so long when another comes with its uid is dead.
        offer_seconds: an offer whose end was not heard for so long no longer keeps back the next one.
        queue: calls of the handler that may wait, for each host.
        queue_seconds: a host whose queue stays full for so long is closed, to come back later.
        joining: agents that may be between their upgrade and the end of their first full report.
        connections_per_host: with one credential.
        bad_messages: a connection with so many is closed.
        reauthenticate_seconds: how often the credential of a live connection is looked at again.
        drain_seconds: what the handler gets to take note of the last events when the server stops.
    """

    message_bytes: int = 4 * 1024 * 1024 - 1
    heartbeat_seconds: int = 30
    silent_seconds: float = 100
    first_message_seconds: float = 10
    body_seconds: float = 10
    send_seconds: float = 10
    probe_seconds: float = 3
    offer_seconds: float = 20
    queue: int = 64
    queue_seconds: float = 10
    joining: int = 512
    connections_per_host: int = 4
    bad_messages: int = 3
    reauthenticate_seconds: float = 300
    drain_seconds: float = 5

    def __post_init__(self) -> None:
        """Refuse what would turn heartbeats off.

        Raises:
            ValueError: the interval is below a second, or silence would be found before a heartbeat is due.
        """
        if self.heartbeat_seconds < 1:
            raise ValueError("an interval of 0 turns heartbeats off: heartbeat_seconds must be at least 1")
        if self.silent_seconds <= self.heartbeat_seconds:
            raise ValueError("silent_seconds must be longer than heartbeat_seconds")
