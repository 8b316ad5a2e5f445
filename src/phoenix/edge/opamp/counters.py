"""What the server counts of its agents, for `/metrics`."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class OpampCounters:
    """The metrics of one server's agents, in the registry of its process.

    Labels have few values: never a host, an agent or a reason in words.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self.messages = Counter(
            "phoenix_opamp_messages",
            "Messages of agents: heartbeat (nothing new), report, bad (no OpAMP message).",
            ("transport", "kind"),
            registry=registry,
        )
        self.connected = Gauge(
            "phoenix_opamp_agents_connected", "Agents that are connected now.", ("transport",), registry=registry
        )
        self.refused = Counter(
            "phoenix_opamp_refused", "Connections and requests that were refused.", ("reason",), registry=registry
        )
        self.closed = Counter(
            "phoenix_opamp_closed", "Agents that are no longer connected.", ("reason",), registry=registry
        )
        self.clashes = Counter(
            "phoenix_opamp_clashes", "Agents that came with the uid of another that is live.", registry=registry
        )
        self.offers = Counter("phoenix_opamp_offers", "Configs that were sent to agents.", registry=registry)
        self.handler_errors = Counter(
            "phoenix_opamp_handler_errors",
            "Events that the feature behind the agents failed to take.",
            registry=registry,
        )
