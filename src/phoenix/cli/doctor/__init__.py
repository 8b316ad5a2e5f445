"""`phoenix doctor`: what is not well, and what to do next."""

from phoenix.cli.doctor.doctor import command

__all__ = ["command"]
