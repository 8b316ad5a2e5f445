import contextlib
import gzip
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.edge.opamp.agents import Offer
from phoenix.edge.opamp.errors import BadMessageError, MessageTooLargeError
from phoenix.edge.opamp.session import wire
from phoenix.protocol import opamp_pb2 as pb

UID = uuid.UUID(int=7)


def test_a_frame_begins_with_the_header_0():
    framed = wire.frame(pb.ServerToAgent(instance_uid=UID.bytes))
    assert framed[:1] == b"\x00"
    assert pb.ServerToAgent.FromString(framed[1:]).instance_uid == UID.bytes


@given(st.binary(max_size=200))
def test_bytes_are_a_message_or_are_refused(data):
    with contextlib.suppress(BadMessageError):
        assert len(wire.unframe(data).instance_uid) == 16
        assert data[:1] == b"\x00"


@pytest.mark.parametrize("uid", [b"", bytes(16), b"x" * 15, b"x" * 26])
def test_refuses_what_is_no_uid(uid):
    with pytest.raises(BadMessageError, match="16 bytes"):
        wire.parse(pb.AgentToServer(instance_uid=uid, sequence_num=1).SerializeToString())


@given(st.binary(max_size=2000))
def test_unpacks_what_was_packed(data):
    assert wire.unpack(gzip.compress(data), 2000) == data


@given(st.binary(max_size=200), st.integers(1, 200))
def test_refuses_a_gzip_body_that_is_cut(data, keep):
    packed = gzip.compress(data)
    if keep < len(packed):
        with pytest.raises(BadMessageError):
            wire.unpack(packed[:keep], 1000)


def test_unpacks_no_more_than_a_message_may_have():
    with pytest.raises(MessageTooLargeError):
        wire.unpack(gzip.compress(bytes(100_000_000)), 1_000_000)
    assert len(wire.unpack(gzip.compress(bytes(1000)), 1000)) == 1000


def test_a_uid_is_a_lower_case_uuid_and_back():
    assert wire.uid_text(UID.bytes) == str(UID)
    assert wire.uid_bytes(str(UID)) == UID.bytes


def test_new_uids_are_of_version_7_and_in_the_order_of_time():
    early, late = (uuid.UUID(wire.new_uid(datetime(2026, 1, day, tzinfo=UTC))) for day in (1, 2))
    assert (early.version, early.variant) == (7, uuid.RFC_4122)
    assert early < late


def test_an_offer_has_one_file_and_its_digest():
    message = wire.remote_config(str(UID), Offer("a: 1\n", "0f" * 32))
    assert message.remote_config.config_hash == b"\x0f" * 32
    assert dict(message.remote_config.config.config_map).keys() == {""}
    assert message.remote_config.config.config_map[""].body == b"a: 1\n"


def test_a_command_comes_alone():
    message = wire.restart_command(str(UID))
    assert {field.name for field, _ in message.ListFields()} == {"instance_uid", "capabilities", "command"}


def test_a_heartbeat_offer_names_no_endpoint():
    message = pb.ServerToAgent()
    wire.add_heartbeat(message, 15)
    assert message.connection_settings.opamp == pb.OpAMPConnectionSettings(heartbeat_interval_seconds=15)
    assert message.connection_settings.hash
