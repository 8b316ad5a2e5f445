"""Fakes that the fleet is tested with: a clock that is stepped, a checker, a composer, credentials."""

import hashlib
from datetime import UTC, datetime, timedelta

from phoenix.collector.compose.model import Composed, PhoenixEndpoint
from phoenix.collector.config.document import ConfigDocument
from phoenix.control.fleet.errors import ConfigRefusedError
from phoenix.control.fleet.service import Fleet
from phoenix.core.ids import HostId, RevisionId

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
ENDPOINT = PhoenixEndpoint("http://127.0.0.1:8080")
USER_CONFIG = """\
receivers: {host_metrics: {scrapers: {process: {}}}}
exporters: {otlp_http/vendor: {endpoint: "https://vendor.example"}}
service: {pipelines: {metrics: {receivers: [host_metrics], exporters: [otlp_http/vendor]}}}
"""


class SteppedClock:
    """Both clocks, moved by the test only; the wall clock can also be set, which the other one does not see."""

    def __init__(self) -> None:
        self.seconds = self.set_by = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds + self.set_by)

    def monotonic(self) -> float:
        return self.seconds

    def step(self, seconds: float) -> None:
        self.seconds += seconds


class FakeChecker:
    """Refuses what contains the word `refuse-me`, as the pinned binary would; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def check(self, text: str) -> None:
        self.asked.append(text)
        if "refuse-me" in text:
            raise ConfigRefusedError("line 1: 'refuse-me' is not a processor", findings=[])


class FakeCredentials:
    """Counts what it issues."""

    def __init__(self) -> None:
        self.issued: list[HostId] = []

    async def issue_host_credential(self, _session, host_id: HostId, _name: str, _now: datetime) -> str:
        self.issued.append(host_id)
        return f"phx_host_{len(self.issued)}"


def compose(document: ConfigDocument, *, endpoint: PhoenixEndpoint, revision: RevisionId) -> Composed:
    """Return the document with the marker of the revision; its exporters and receivers are those it defines."""
    data = document.data
    marker = f"{{telemetry: {{resource: {{phoenix.revision: {revision}}}}}, "
    text = f"{document.text.replace('service: {', f'service: {marker}')}# {endpoint.url}\n"
    return Composed(
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        revision=revision,
        exporters=tuple(data.get("exporters", {})),
        receivers=tuple(data.get("receivers", {})),
    )


def make_fleet(clock: SteppedClock) -> Fleet:
    return Fleet(clock=clock, checker=FakeChecker(), compose=compose, credentials=FakeCredentials(), endpoint=ENDPOINT)
