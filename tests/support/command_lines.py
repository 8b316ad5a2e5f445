"""The first half of a command's tests: what options a command line gives, without running the command."""

import importlib
from typing import Any

import pytest
from tests.support.cli import memory_cli

from phoenix.cli.main import run
from phoenix.cli.tree import TREE, Noun, module_of


def options_of(monkeypatch: pytest.MonkeyPatch, *line: str) -> Any:
    """Return the options that the command would be run with."""
    words = line[:2] if isinstance(TREE[line[0]], Noun) else line[:1]
    seen: list[Any] = []
    monkeypatch.setattr(importlib.import_module(module_of(words)), "run", lambda _cli, options: seen.append(options))
    cli = memory_cli()
    status = run(cli, line)
    assert status == 0, cli.streams.err.getvalue()  # type: ignore[attr-defined] # StringIO
    return seen[0]
