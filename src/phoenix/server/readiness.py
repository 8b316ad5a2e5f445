"""What must be well before this server takes requests: `/readyz` asks each."""

from collections.abc import Mapping

from sqlalchemy import text

from phoenix.control.metering.service import Metering
from phoenix.core.errors import PhoenixError
from phoenix.edge.http.health import Check
from phoenix.store.database import Database
from phoenix.store.migrations.runner import current, scripts


def database_checks(database: Database) -> Mapping[str, Check]:
    """Return the checks of the database: it answers, and its schema is this program's."""

    async def answers() -> str | None:
        try:
            async with database.read() as session:
                await session.execute(text("SELECT 1"))
        except PhoenixError as error:
            # Its message may name files and addresses, which is nobody's business here.
            return error.code
        return None

    async def migrated() -> str | None:
        newest = scripts().get_current_head()
        try:
            found = await current(database)
        except PhoenixError as error:
            return error.code
        return None if found == newest else f"the schema is at {found}, and this program needs {newest}"

    return {"database": answers, "migrations": migrated}


def ingest_check(metering: Metering) -> Check:
    """Return the check that telemetry is taken."""

    async def takes() -> str | None:
        return None if metering.ready else "the meter does not run"

    return takes
