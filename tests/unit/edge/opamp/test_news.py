from typing import Any

import pytest
from tests.support.opamp.fake_agent import full_report, heartbeat

from phoenix.edge.opamp.agents import ConfigStatus
from phoenix.edge.opamp.session import news
from phoenix.protocol import opamp_pb2 as pb

UID = b"u" * 16


@pytest.fixture
def known():
    return news.Known()


def news_of(message, known, *, new_process=False) -> Any:
    return news.report(message, known, new_process=new_process)


def test_a_heartbeat_is_no_news(known):
    assert news_of(heartbeat(UID, 1), known).capabilities
    assert news_of(heartbeat(UID, 2), known) is None


def test_what_is_said_again_is_no_news(known):
    assert news_of(full_report(UID, 1), known).attributes
    assert news_of(full_report(UID, 2), known) is None
    again = news_of(full_report(UID, 3, name="other"), known)
    assert again.attributes["host.name"] == "other"
    assert (again.health, again.effective, again.status, again.capabilities) == (None, None, None, None)


def test_times_alone_are_no_news_of_health(known):
    message = full_report(UID, 1)
    assert news_of(message, known).health.healthy
    message.health.status_time_unix_nano = 5
    assert news_of(message, known) is None


def test_a_status_is_news_again_after_an_offer(known):
    message = pb.AgentToServer(instance_uid=UID)
    message.remote_config_status.status = pb.REMOTE_CONFIG_STATUSES_APPLIED
    message.remote_config_status.last_remote_config_hash = b"\x01"
    assert news_of(message, known).status is ConfigStatus.APPLIED
    assert news_of(message, known) is None
    known.forget_status()
    assert news_of(message, known).status_digest == "01"


def test_a_new_process_is_news_even_if_it_says_nothing(known):
    known.is_news("capabilities", heartbeat(UID, 0).capabilities)
    assert news_of(heartbeat(UID, 0), known, new_process=True).new_process


def test_an_empty_effective_config_is_no_news(known):
    message = pb.AgentToServer(instance_uid=UID)
    message.effective_config.config_map.config_map[""].body = b""
    assert news_of(message, known) is None


def test_an_effective_config_of_several_files_names_them_in_the_order_of_merging(known):
    message = pb.AgentToServer(instance_uid=UID)
    for name in ("", "b", "a"):
        message.effective_config.config_map.config_map[name].body = f"{name}: 1".encode()
    assert news_of(message, known).effective == "# a\na: 1\n# b\nb: 1\n# \n: 1"


def test_attributes_of_every_kind_become_text(known):
    message = pb.AgentToServer(instance_uid=UID)
    described = message.agent_description.identifying_attributes
    described.add(key="text").value.string_value = "a"
    described.add(key="truth").value.bool_value = True
    described.add(key="number").value.int_value = 3
    described.add(key="fraction").value.double_value = 0.5
    described.add(key="bytes").value.bytes_value = b"\x0a"
    described.add(key="nothing")
    described.add(key="list").value.array_value.values.add().int_value = 1
    described.add(key="map").value.kvlist_value.values.add(key="k").value.string_value = "v"
    assert news_of(message, known).attributes == {
        "text": "a",
        "truth": "true",
        "number": "3",
        "fraction": "0.5",
        "bytes": "0a",
        "nothing": "",
        "list": "[1]",
        "map": '{"k": "v"}',
    }


def test_a_status_of_a_later_protocol_is_unset(known):
    message = pb.AgentToServer.FromString(b"\x0a\x10" + UID + b"\x3a\x02\x10\x63")
    assert news_of(message, known).status is ConfigStatus.UNSET
