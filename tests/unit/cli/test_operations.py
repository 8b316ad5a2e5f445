"""Every operation of the API has a command, or a reason why it has none yet."""

from typing import Any, cast

from phoenix.cli.tree import TREE, Noun
from phoenix.control.experiments.operations import operations as experiment_operations
from phoenix.control.fleet.operations import operations as host_operations
from phoenix.control.identity.operations import operations as identity_operations
from phoenix.control.identity.scopes import ENROLMENT, ROLES, Role
from phoenix.control.pipelines.operations import operations as pipeline_operations

ANY = cast("Any", None)
OPERATIONS = (
    *identity_operations(ANY),
    *pipeline_operations(ANY),
    *host_operations(ANY, ANY, ANY, ANY),
    *experiment_operations(ANY),
)
COMMANDS = {
    **{
        f"experiments.{verb}": ("experiment", verb)
        for verb in (
            "create",
            "list",
            "get",
            "start",
            "stop",
            "retry",
            "status",
            "metrics",
            "compare",
            "promote",
        )
    },
    **{f"hosts.{verb}": ("host", verb) for verb in ("enrol", "list", "get", "history", "restore")},
    "hosts.diagnose": ("doctor",),
    "auth.whoami": ("doctor",),
    "pipelines.create": ("experiment", "create"),
}
_ACCESS = "commands for users and tokens come with the issue on identity and access"
_PIPELINES = "phoenix pipeline works on files and the catalogue; stored versions come with the issue on pipelines"
WITHOUT = {
    "tokens.create": _ACCESS,
    "tokens.list": _ACCESS,
    "tokens.revoke": _ACCESS,
    "enrolment-tokens.create": _ACCESS,
    "pipelines.list": _PIPELINES,
    "pipelines.get": _PIPELINES,
}


def test_every_operation_has_a_command_or_a_reason() -> None:
    assert {operation.name for operation in OPERATIONS} == COMMANDS.keys() | WITHOUT.keys()


def test_every_command_named_is_there() -> None:
    for words in COMMANDS.values():
        entry = TREE[words[0]]
        assert isinstance(entry, str) if len(words) == 1 else isinstance(entry, Noun) and words[1] in entry.commands


def test_no_two_operations_share_a_name_or_a_route() -> None:
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS)
    assert len({(operation.method, operation.path) for operation in OPERATIONS}) == len(OPERATIONS)


def test_every_scope_is_held_by_somebody() -> None:
    held = ROLES[Role.ADMIN] | ENROLMENT
    assert {operation.scope for operation in OPERATIONS if operation.scope} <= held
