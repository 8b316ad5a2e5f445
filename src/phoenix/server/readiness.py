"""What must be well before this server takes requests: `/readyz` asks each."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import text

from phoenix.control.metering.service import Metering
from phoenix.core.errors import PhoenixError
from phoenix.edge.http.health import Check
from phoenix.store.database import Database
from phoenix.store.leases import Leases
from phoenix.store.migrations.runner import current, scripts

_PROBE_SECONDS: Final = 5.0


def database_checks(database: Database, leases: Leases) -> Mapping[str, Check]:
    """Return the checks of the database: it answers and can be written, and its schema is this program's.

    Only when a write has failed is another one tried: whoever asks again and again must cost nothing.
    """

    async def answers() -> str | None:
        try:
            async with database.read() as session:
                await session.execute(text("SELECT 1"))
            if database.trouble is not None:
                async with leases.held("readiness", _PROBE_SECONDS):
                    database.trouble = None
        except PhoenixError as error:
            return _told(error)
        return None

    async def migrated() -> str | None:
        newest = scripts().get_current_head()
        try:
            found = await current(database)
        except PhoenixError as error:
            return _told(error)
        return None if found == newest else f"the schema is at {found}, and this program needs {newest}"

    return {"database": answers, "migrations": migrated}


def _told(error: PhoenixError) -> str:
    """Return what strangers may hear: the message may name files and addresses."""
    return f"{error.code}. {error.user_action}"


def ingest_check(metering: Metering) -> Check:
    """Return the check that telemetry is taken."""

    async def takes() -> str | None:
        return None if metering.ready else "the meter does not run"

    return takes
