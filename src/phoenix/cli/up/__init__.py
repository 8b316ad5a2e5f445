"""`phoenix up`: the server, and what other commands need to start one."""

from phoenix.cli.up.up import command

__all__ = ["command"]
