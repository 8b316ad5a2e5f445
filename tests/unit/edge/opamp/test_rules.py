"""The rules of a session: what is asked for, and how often."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from phoenix.edge.opamp.session.rules import ASK_AGAIN_SECONDS, Session, Spoken, step

NUMBERS = st.integers(0, 6)
SPOKEN = st.builds(
    Spoken,
    sequence=NUMBERS,
    full=st.booleans(),
    heartbeats=st.booleans(),
    components=st.sampled_from([b"", b"one", b"two"]),
    listed=st.booleans(),
)


def run(messages, seconds=0.0):
    """Return the steps of a session whose messages come `seconds` apart."""
    session, steps = Session(), []
    for number, spoken in enumerate(messages):
        steps.append(step(session, spoken, number * seconds))
        session = steps[-1].session
    return steps


def beat(number):
    return Spoken(number, full=False)


def full(number, **more):
    return Spoken(number, full=True, **more)


def test_a_full_first_message_needs_nothing():
    (only,) = run([full(0)])
    assert (only.ask_everything, only.new_process) == (False, True)


def test_a_first_message_that_says_nothing_makes_the_server_ask_once():
    steps = run([beat(7), beat(8), beat(9), full(10), beat(11)])
    assert [it.ask_everything for it in steps] == [True, False, False, False, False]
    assert not any(it.new_process for it in steps)


def test_a_gap_makes_the_server_ask_once():
    steps = run([full(0), beat(1), beat(3), beat(4), full(5), beat(6), beat(9)])
    assert [it.ask_everything for it in steps] == [False, False, True, False, False, False, True]


def test_a_gap_whose_message_holds_everything_needs_nothing():
    assert not any(it.ask_everything for it in run([full(0), full(5), beat(6)]))


def test_a_second_gap_before_the_answer_is_not_asked_for_again():
    assert [it.ask_everything for it in run([full(0), beat(2), beat(9), full(10)])] == [False, True, False, False]


def test_an_answer_that_does_not_come_is_asked_for_again_after_a_while():
    steps = run([beat(number) for number in range(1, 8)], ASK_AGAIN_SECONDS / 3)
    assert [it.ask_everything for it in steps] == [True, False, False, True, False, False, True]


def test_number_0_is_a_new_process():
    steps = run([full(0), beat(1), full(0, heartbeats=True), beat(1)])
    assert [it.new_process for it in steps] == [True, False, True, False]


def test_components_are_asked_for_once_for_each_hash():
    hashed = replace(beat(1), components=b"one")
    steps = run([full(0, components=b"one"), hashed, replace(hashed, sequence=2), beat(3)])
    assert [it.ask_components for it in steps] == [True, False, False, False]
    steps = run([full(0, components=b"one"), replace(hashed, listed=True), full(2, components=b"one")])
    assert [it.ask_components for it in steps] == [True, False, False]
    steps = run([full(0, components=b"one"), replace(hashed, listed=True), full(2, components=b"two")])
    assert [it.ask_components for it in steps] == [True, False, True]


def test_the_heartbeat_is_offered_once_to_each_process_that_can():
    steps = run([full(0), full(1, heartbeats=True), full(2, heartbeats=True), full(0, heartbeats=True)])
    assert [it.offer_heartbeat for it in steps] == [False, True, False, True]


def test_two_streams_that_take_turns_are_two_agents():
    steps = run([full(10), full(500), full(11), full(501)])
    assert [it.two_agents for it in steps] == [False, False, False, True]


def test_a_client_that_numbers_a_message_before_it_sends_another_is_one_agent():
    # The Python client builds a heartbeat while a full report waits: both have one number, and the next skips one.
    steps = run([full(0), beat(0), full(2), beat(2), full(4), beat(4), full(6)])
    assert not any(it.two_agents for it in steps)


@given(st.lists(SPOKEN, max_size=30))
def test_between_two_full_reports_everything_is_asked_for_at_most_once(messages):
    asked = 0
    for spoken, it in zip(messages, run(messages), strict=True):
        asked = 0 if spoken.full else asked + it.ask_everything
        assert asked <= 1
        assert not (spoken.full and it.ask_everything)


@given(st.lists(SPOKEN, max_size=30))
def test_state_is_whole_or_asked_for(messages):
    """After every message: either nothing was lost since the last full report, or one is asked for."""
    whole, expected = False, None
    for spoken, it in zip(messages, run(messages), strict=True):
        whole = spoken.full or (whole and spoken.sequence == expected)
        expected = spoken.sequence + 1
        assert whole == (it.session.asked is None)


@given(st.lists(SPOKEN, max_size=30))
def test_components_are_never_asked_for_twice_in_a_row_for_one_hash(messages):
    last = b""
    for spoken, it in zip(messages, run(messages), strict=True):
        if it.ask_components:
            assert spoken.components not in (b"", last)
            assert not it.ask_everything
            last = spoken.components


@given(st.integers(0, 2**63), st.lists(st.booleans(), max_size=40))
def test_an_agent_in_order_is_asked_at_most_for_its_first_message(first, fulls):
    steps = run([Spoken(first + number, full=is_full) for number, is_full in enumerate(fulls)])
    assert [number for number, it in enumerate(steps) if it.ask_everything] in ([], [0])
    assert not any(it.two_agents for it in steps)
