import pytest

from phoenix.cli.app import build, load_command
from phoenix.cli.tree import TREE, Noun

COMMANDS = [
    (name, *rest)
    for name, entry in TREE.items()
    for rest in ([(verb,) for verb in entry.commands] if isinstance(entry, Noun) else [()])
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_line_in_help_is_the_first_line_of_the_command(words):
    entry = TREE[words[0]]
    line = entry.commands[words[1]] if isinstance(entry, Noun) else entry
    assert (load_command(words).help or "").splitlines()[0] == line


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_option_explains_itself(words):
    silent = [param.name for param in load_command(words).params if not getattr(param, "help", "")]
    assert silent == []


def test_every_command_of_the_tree_is_in_the_app():
    group = build()
    assert list(group.commands) == list(TREE)
