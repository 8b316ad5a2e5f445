"""Where the load simulation of this user keeps its state; start and stop must agree on it."""

from pathlib import Path

from phoenix.cli.context import Cli


def simulation_folder(cli: Cli) -> Path:
    """Return the folder of the one simulation that these commands start and stop."""
    return cli.settings.cache_dir / "loadsim"
