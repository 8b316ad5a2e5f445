"""A program that upgrades a database as a start does: `python upgrading.py ADDRESS [FOLDER]`.

FOLDER holds more revisions, after the newest. It prints the revision it reached, or the code of what stopped it.
"""

import asyncio
import sys
from collections.abc import Sequence
from importlib import resources

from alembic.script import ScriptDirectory

from phoenix.core.errors import PhoenixError
from phoenix.store.database import Database
from phoenix.store.migrations import runner


def scripts_with(folder: str) -> ScriptDirectory:
    """Return Phoenix's revisions and those of a folder."""
    own = resources.files("phoenix.store.migrations")
    return ScriptDirectory(str(own), version_locations=[str(own / "versions"), folder])


async def main(arguments: Sequence[str]) -> int:
    """Upgrade; return 1 when that is refused."""
    database = Database.open(arguments[0])
    if arguments[1:]:
        more = scripts_with(arguments[1])
        runner.scripts = lambda: more  # type: ignore[assignment] # stands in for a cached function
    try:
        print(await runner.upgrade(database))
    except PhoenixError as error:
        print(error.code, error.message)
        return 1
    finally:
        await database.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
