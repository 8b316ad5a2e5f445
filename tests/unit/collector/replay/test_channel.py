"""The protocol against a child that is a few lines of Python, to see what the real harness never does."""

import sys

import pytest

from phoenix.collector.replay.channel import (
    Channel,
    ChannelEndedError,
    ChannelLimitError,
    HarnessUnusableError,
    Limits,
)

CHILD = """#!{python} -IS
import json, struct, sys
def read():
    head = sys.stdin.buffer.read(4)
    return sys.stdin.buffer.read(*struct.unpack("<I", head)) if head else sys.exit()
def send(frame):
    sys.stdout.buffer.write(struct.pack("<I", len(frame)) + frame)
    sys.stdout.buffer.flush()
send(json.dumps({{"protocol": 1, "version": "9.9.9"}}).encode())
while True:
    message = json.loads(read())
    frames = [read() for _ in message.get("times", ())]
    {then}
"""


def child(tmp_path, then):
    program = tmp_path / "child"
    program.write_text(CHILD.format(python=sys.executable, then=then))
    program.chmod(0o755)
    return program


@pytest.fixture
def opened(tmp_path):
    channels = []

    def open_channel(then, **limits):
        channels.append(Channel(child(tmp_path, then), Limits(**limits)))
        return channels[-1]

    yield open_channel
    for channel in channels:
        channel.close()


def test_messages_and_frames_go_both_ways(opened):
    channel = opened('send(json.dumps({"times": message["times"]}).encode()); [send(f[::-1]) for f in frames]')
    big = bytes(range(256)) * 10_000
    assert channel.version == "9.9.9"
    assert channel.ask({"times": [1, 2]}, [b"ab", big]) == ({"times": [1, 2]}, [b"ba", big[::-1]])
    assert channel.ask({"times": []}) == ({"times": []}, [])


def test_a_child_that_ends_leaves_its_last_words(opened):
    channel = opened('print("panic: it broke", file=sys.stderr); sys.exit(3)')
    with pytest.raises(ChannelEndedError) as ended:
        channel.ask({})
    assert (ended.value.status, ended.value.last_words) == ("status 3", "panic: it broke")


def test_a_child_that_does_not_answer_is_killed(opened):
    channel = opened("import time; time.sleep(60)", seconds=0.2)
    with pytest.raises(ChannelLimitError, match=r"0\.2 s"):
        channel.ask({})
    assert channel._process.returncode is not None


def test_a_child_that_grows_is_killed(opened):
    channel = opened("kept = b'x' * (300 << 20); import time; time.sleep(60)", memory_bytes=100 << 20)
    with pytest.raises(ChannelLimitError, match="100 are allowed"):
        channel.ask({})


@pytest.mark.parametrize("text", ["#!/bin/sh\nexit 1\n", "#!/bin/sh\nprintf '\\002\\000\\000\\000{}'; sleep 9\n", "x"])
def test_another_program_is_refused(tmp_path, text):
    program = tmp_path / "other"
    program.write_text(text)
    program.chmod(0o755)
    with pytest.raises(HarnessUnusableError):
        Channel(program, Limits())
