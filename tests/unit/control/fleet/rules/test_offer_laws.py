"""Laws of the offers, against a supervisor with the stock one's traps, whatever happens in whatever order."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from tests.support.hosts.stock_supervisor import Fate, StockSupervisor

from phoenix.control.fleet.model import Phase
from phoenix.control.fleet.rules.offers import Prove, Refuse, Repeat, Send, advance
from phoenix.control.fleet.rules.track import (
    Effective,
    HealthSeen,
    Joined,
    Left,
    Limits,
    Ref,
    Repeated,
    Status,
    Telemetry,
    Tick,
    Track,
    Wanted,
)
from phoenix.core.ids import RevisionId
from phoenix.edge.opamp.agents import ConfigStatus

LIMITS = Limits()


def ref(name: str, *, steady: bool = True) -> Ref:
    return Ref(RevisionId(f"rev-{name}"), f"digest-{name}", steady)


class World(RuleBasedStateMachine):
    """A host, its supervisor, and the server that may be killed at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.agent = StockSupervisor()
        self.track = Track(desired=ref("enrolled"), fallback=ref("enrolled"))
        self.in_flight: str | None = None
        self.failed: set[str] = set()
        self.connected = False
        self.count = 0
        self.sends: Counter[str] = Counter()

    def feed(self, event) -> None:
        before = self.track
        self.track, actions = (step := advance(self.track, event, self.now, LIMITS)).track, step.actions
        waited = self.now - before.since >= LIMITS.offer
        if self.track.phase is Phase.APPLIED or (isinstance(event, Tick) and before.turned_live and waited):
            # It was seen to run although its word was lost.
            self.in_flight = None
        refused = [action for action in actions if isinstance(action, Refuse)]
        for action in actions:
            match action:
                case Refuse(digest):
                    self.failed.add(digest)
                    if digest == self.in_flight:
                        self.in_flight = None
                case Send(sent):
                    assert self.connected
                    assert self.in_flight is None, "two offers in flight"
                    assert sent.digest not in self.failed, "a failed digest was offered again"
                    self.in_flight = sent.digest
                    self.agent.offered(sent.digest, sent.id)
                case Repeat(source):
                    self.count += 1
                    copy = ref(f"copy{self.count}", steady=source.steady)
                    self.feed(Repeated(source, copy))
                case Prove(proved):
                    assert self.agent.running == proved.digest
        last_good = next((it for it in before.base if it.digest not in self.failed), None)
        mine = before.current is not None and any(it.digest == before.current.digest for it in refused)
        if mine and self.connected and last_good is not None:
            assert self.track.current == last_good, "the last verified config must go out in the step of the failure"

    def end_in_flight(self, status: ConfigStatus, digest: str) -> None:
        if digest == self.in_flight and status in (ConfigStatus.APPLIED, ConfigStatus.FAILED):
            self.in_flight = None

    @precondition(lambda self: not self.connected)
    @rule()
    def connect(self) -> None:
        self.connected = True
        self.in_flight = None
        self.agent.waiting.clear()
        status = self.agent.status
        # Whatever it is in the middle of goes on, and its end will be said.
        if status is ConfigStatus.APPLYING:
            self.in_flight = self.agent.last
        self.feed(Joined(status, self.agent.last if status else ""))
        self.say_effective()

    @precondition(lambda self: self.connected)
    @rule()
    def disconnect(self) -> None:
        self.connected = False
        self.feed(Left())

    @rule()
    def kill_the_server(self) -> None:
        """Rows survive, memory does not; the agent comes back later."""
        track = self.track
        self.connected = False
        self.track = Track(
            desired=track.desired,
            current=track.current,
            phase=track.phase,
            proved=track.proved,
            verified=track.verified,
            fallback=track.fallback,
            substitute=track.substitute,
            refused=track.refused,
            recovering=track.phase in (Phase.FAILED, Phase.TIMED_OUT),
        )

    @precondition(lambda self: self.connected and self.agent.waiting)
    @rule()
    def hear(self) -> None:
        status, digest, text = self.agent.waiting.pop(0)
        self.end_in_flight(status, digest)
        self.feed(Status(status, digest, text))
        self.say_effective()

    def say_effective(self) -> None:
        running = self.agent.running
        self.feed(HealthSeen(healthy=running is not None))
        self.feed(Effective(self.agent.revisions.get(running) if running else None))

    @precondition(lambda self: self.connected)
    @rule()
    def crash(self) -> None:
        if self.agent.crash():
            self.feed(HealthSeen(healthy=False, looping=True, text="exit code 2"))

    @rule(seconds=st.sampled_from([1.0, 31.0, 700.0]))
    def wait(self, seconds) -> None:
        self.now += seconds
        self.feed(Tick(heard_at=self.now))

    @precondition(lambda self: self.connected and self.track.current is not None)
    @rule()
    def telemetry(self) -> None:
        current = self.track.current
        assert current is not None
        if self.agent.running == current.digest:
            self.feed(Telemetry(current.id, proved=True))

    @rule(fate=st.sampled_from(Fate), steady=st.booleans())
    def want(self, fate, steady) -> None:
        self.count += 1
        wanted = ref(f"n{self.count}", steady=steady)
        self.agent.fates[wanted.digest] = fate
        self.feed(Wanted(wanted))

    @rule()
    def want_back(self) -> None:
        self.feed(Wanted(self.track.verified or self.track.fallback))

    def teardown(self) -> None:
        """Left alone, the host comes to run what is desired, or what was verified, and that is proved."""
        if not self.connected:
            self.connect()
        for _ in range(40):
            while self.agent.waiting:
                self.hear()
            self.crash()
            self.wait(31.0)
            self.telemetry()
        track = self.track
        assert track.phase is Phase.PROVED
        assert track.current is not None
        assert track.desired is not None
        assert track.current == track.proved
        wanted = [track.desired] if track.desired.digest not in track.refused else []
        assert track.current in [*wanted, *track.base]
        assert self.agent.running == track.current.digest


World.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
test_offers_keep_their_laws = World.TestCase


@given(
    st.lists(st.sampled_from([Left(), Tick(1e9), HealthSeen(healthy=False, looping=True), Effective(None)]), max_size=6)
)
def test_nothing_is_sent_to_an_agent_that_has_not_said_everything(events):
    track = Track(desired=ref("a"), fallback=ref("a"))
    for event in events:
        step = advance(track, event, 0.0, LIMITS)
        assert not any(isinstance(action, Send) for action in step.actions)
        track = replace(step.track)
