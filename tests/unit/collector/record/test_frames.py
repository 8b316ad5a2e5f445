import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.collector.record.errors import RecordingGarbledError
from phoenix.collector.record.frames import Frames


def framed(messages: list[bytes]) -> bytes:
    return b"".join(len(message).to_bytes(4, "big") + message for message in messages)


@given(st.lists(st.binary(max_size=50), max_size=10), st.lists(st.integers(0, 600), max_size=10))
def test_messages_come_whole_and_in_order_however_the_stream_is_cut(messages, cuts):
    stream = framed(messages)
    frames = Frames()
    found = []
    for begin, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(stream)], strict=True):
        found += frames.feed(stream[begin:end])
    assert found == messages


@given(st.binary(min_size=1, max_size=50))
def test_the_last_message_cut_short_does_not_appear(message):
    assert Frames().feed(framed([b"whole", message])[:-1]) == [b"whole"]


def test_what_is_no_length_is_refused():
    with pytest.raises(RecordingGarbledError, match="message of 1214606444 bytes"):
        Frames().feed(b"Hello, world")
