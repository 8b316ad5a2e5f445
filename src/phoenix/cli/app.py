"""The typer app, made from the tree; a command's module is imported when the command is run."""

import importlib
from collections.abc import Mapping
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from phoenix.cli.tree import TREE, Noun, module_of

PROGRAM = "phoenix"
# Both spellings everywhere, as people expect.
CONTEXT = {"help_option_names": ["-h", "--help"]}


class LazyGroup(TyperGroup):
    """A group that knows its commands' names and help lines, and loads one when it is invoked."""

    words: tuple[str, ...] = ()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Show help when no command is given, as a plain success."""
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return name, command and the rest of the line, with the real command in place of its placeholder."""
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None and isinstance(command, TyperCommand):
            command = load_command((*self.words, name))
        return name, command, rest


def build() -> TyperGroup:
    """Return the whole command line, with placeholders for the commands."""
    root = typer.Typer(
        name=PROGRAM, cls=LazyGroup, add_completion=True, pretty_exceptions_enable=False, context_settings=CONTEXT
    )

    @root.callback()
    def _phoenix() -> None:
        """Show what a change to a collector pipeline saves, and what it makes invisible, before it is live."""

    group = get_command(root)
    assert isinstance(group, LazyGroup)  # noqa: S101 - typer makes what `cls` says
    _fill(group, TREE, ())
    return group


def _fill(group: LazyGroup, commands: Mapping[str, str | Noun], words: tuple[str, ...]) -> None:
    for name, entry in commands.items():
        if isinstance(entry, Noun):
            noun = LazyGroup(name=name, help=entry.help, context_settings=CONTEXT)
            noun.words = (*words, name)
            _fill(noun, entry.commands, noun.words)
            group.add_command(noun)
        else:
            group.add_command(TyperCommand(name, help=entry))


def load_command(words: tuple[str, ...]) -> TyperCommand:
    """Return a command with its options, importing its module."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(words[-1], context_settings=CONTEXT)(importlib.import_module(module_of(words)).command)
    command = get_command(app)
    assert isinstance(command, TyperCommand)  # noqa: S101 - an app of one command is that command
    return command
