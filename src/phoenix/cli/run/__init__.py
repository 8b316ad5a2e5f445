"""`phoenix run`: the main job, which `./dev run` calls. Record, evaluate the whole catalogue, name the best."""

from phoenix.cli.run.job import command

__all__ = ["command"]
