"""Our description of OpAMP against that of another project, for all that both know."""

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from opentelemetry._opamp.proto import anyvalue_pb2 as their_values
from opentelemetry._opamp.proto import opamp_pb2 as theirs

from phoenix.protocol import opamp_pb2 as ours

THEIR_MESSAGES = {**theirs.DESCRIPTOR.message_types_by_name, **their_values.DESCRIPTOR.message_types_by_name}
OUR_MESSAGES = dict(ours.DESCRIPTOR.message_types_by_name)
THEIR_ENUMS = dict(theirs.DESCRIPTOR.enum_types_by_name)


def shape(field: FieldDescriptor) -> tuple[object, ...]:
    """Return what a field is on the wire, and the names that both sides share."""
    of = field.message_type or field.enum_type
    return field.number, field.type, field.is_repeated, of.name if of else ""


def fields(message: Descriptor) -> dict[str, tuple[object, ...]]:
    inner = {f"{nested.name}.{name}": it for nested in message.nested_types for name, it in fields(nested).items()}
    return {field.name: shape(field) for field in message.fields} | inner


def test_every_message_that_they_know_is_ours_too():
    assert set(THEIR_MESSAGES) <= set(OUR_MESSAGES)


@pytest.mark.parametrize("name", sorted(THEIR_MESSAGES))
def test_fields_agree_in_number_and_type(name):
    known = fields(OUR_MESSAGES[name])
    assert {field: known.get(field) for field in fields(THEIR_MESSAGES[name])} == fields(THEIR_MESSAGES[name])


@pytest.mark.parametrize("name", sorted(THEIR_ENUMS))
def test_enums_agree_in_number_and_name(name):
    def normal(text: str) -> str:
        return text.replace("_", "").lower()

    known = {normal(value.name): value.number for value in ours.DESCRIPTOR.enum_types_by_name[name].values}
    wanted = {normal(value.name): value.number for value in THEIR_ENUMS[name].values}
    assert {value: known.get(value) for value in wanted} == wanted


def test_what_the_wheel_does_not_know_has_the_number_of_the_specification():
    status = OUR_MESSAGES["AgentToServer"].fields_by_name["connection_settings_status"]
    assert shape(status) == (15, FieldDescriptor.TYPE_MESSAGE, False, "ConnectionSettingsStatus")
    assert ours.AGENT_CAPABILITIES_REPORTS_CONNECTION_SETTINGS_STATUS == 0x8000


def test_one_process_can_hold_both():
    sent = theirs.AgentToServer(instance_uid=b"u" * 16, sequence_num=3)
    assert ours.AgentToServer.FromString(sent.SerializeToString()).sequence_num == 3
