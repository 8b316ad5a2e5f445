"""What can stand between Phoenix and its database, and what the drivers' errors mean in those words.

`database` and `migrations` turn drivers' errors into these; errors of constraints are left to the feature that asked.
"""

import os
import re
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from phoenix.core.errors import DeniedError, InvalidError, PhoenixError, UnavailableError


class DatabaseAddressError(InvalidError):
    """The address of the database is not one that Phoenix can open."""

    code = "DATABASE_ADDRESS_INVALID"
    user_action = "Give sqlite+aiosqlite:///FILE, or postgresql+psycopg://USER:PASSWORD@HOST/NAME."


class DatabaseUnreachableError(UnavailableError):
    """The database does not answer, or its file cannot be opened."""

    code = "DATABASE_UNREACHABLE"
    user_action = "Start the database, or make the folder of its file; check the address in the settings."


class DatabaseDeniedError(DeniedError):
    """The database refuses the user, or what the user wants to do."""

    code = "DATABASE_DENIED"
    user_action = "Check user name and password in the address, and that the user owns the database."


class DatabaseReadOnlyError(DeniedError):
    """The database cannot be written: a file or folder without the right to write, or a standby."""

    code = "DATABASE_READ_ONLY"
    user_action = "Make the database's file and folder writable for this user; with PostgreSQL name the primary."


class DatabaseCorruptError(InvalidError):
    """The file is not a database, or is damaged."""

    code = "DATABASE_CORRUPT"
    user_action = "Name another file, or put the last good backup in its place; Phoenix has changed nothing."


class DatabaseFullError(UnavailableError):
    """The disk under the database is full. Nothing of what was asked was written."""

    code = "DATABASE_FULL"
    user_action = "Free space where the database is; Phoenix goes on by itself."


class DatabaseBusyError(UnavailableError):
    """Others held the database for longer than we wait. Details: `waited_seconds`, and who holds it where known."""

    code = "DATABASE_BUSY"
    user_action = "Try again; if it stays, look for a second program that uses the database."


class DatabaseNewerError(InvalidError):
    """The database was upgraded by a newer Phoenix. Details: `found`, `newest`, both revisions."""

    code = "DATABASE_NEWER_THAN_PROGRAM"
    user_action = "Run the newer Phoenix, or restore the backup made before its upgrade."


class MigrationFailedError(UnavailableError):
    """A migration ended with an error; the database is as it was before that migration. Details: `revision`."""

    code = "DATABASE_MIGRATION_FAILED"
    user_action = "Look at the reason; what was migrated before is kept, so starting again goes on from there."


# Trouble that stays until somebody does something: nothing can be written meanwhile.
STOPS_WRITING: Final = (
    DatabaseUnreachableError,
    DatabaseDeniedError,
    DatabaseReadOnlyError,
    DatabaseCorruptError,
    DatabaseFullError,
)
# SQLite's primary result codes (sqlite.org/rescode.html) and PostgreSQL's SQLSTATE (appendix A of its manual).
_SQLITE: Final[dict[int, type[PhoenixError]]] = {
    3: DatabaseDeniedError,  # SQLITE_PERM
    5: DatabaseBusyError,  # SQLITE_BUSY
    6: DatabaseBusyError,  # SQLITE_LOCKED
    8: DatabaseReadOnlyError,  # SQLITE_READONLY
    10: DatabaseUnreachableError,  # SQLITE_IOERR
    11: DatabaseCorruptError,  # SQLITE_CORRUPT
    13: DatabaseFullError,  # SQLITE_FULL
    14: DatabaseUnreachableError,  # SQLITE_CANTOPEN
    26: DatabaseCorruptError,  # SQLITE_NOTADB
}
_POSTGRESQL: Final[dict[str, type[PhoenixError]]] = {
    "25006": DatabaseReadOnlyError,  # read_only_sql_transaction
    "42501": DatabaseDeniedError,  # insufficient_privilege
    "28": DatabaseDeniedError,  # invalid authorization specification
    "53100": DatabaseFullError,  # disk_full
    "53": DatabaseBusyError,  # insufficient resources
    "40001": DatabaseBusyError,  # serialization_failure
    "40P01": DatabaseBusyError,  # deadlock_detected
    "55P03": DatabaseBusyError,  # lock_not_available
    "57014": DatabaseBusyError,  # query_canceled: the statement's time limit
    "XX001": DatabaseCorruptError,  # data_corrupted
    "XX002": DatabaseCorruptError,  # index_corrupted
    "57": DatabaseUnreachableError,  # operator intervention: it is shutting down
    "08": DatabaseUnreachableError,  # connection exception
    "3D000": DatabaseUnreachableError,  # invalid_catalog_name: there is no such database
}

_REFUSED: Final = re.compile(r"authentication failed|no password supplied|role .* does not exist|pg_hba\.conf")


def place(url: URL) -> str:
    """Return how messages name the database: the file, or the address without its password."""
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def translate(error: BaseException, url: URL) -> PhoenixError | None:
    """Return what a driver's error means, or None when it says nothing of the database's own state."""
    if isinstance(error, PoolTimeoutError):
        return DatabaseBusyError(f"every connection to {place(url)} is in use")
    if not isinstance(error, DBAPIError) or isinstance(error, IntegrityError) or error.orig is None:
        return None
    reason = str(error.orig).strip()
    kind = _kind(error.orig)
    if kind is DatabaseUnreachableError and _lies_in_a_folder_closed_to_us(url):
        kind = DatabaseReadOnlyError
    return None if kind is None else kind(f"database {place(url)}: {reason}", reason=reason)


def _lies_in_a_folder_closed_to_us(url: URL) -> bool:
    # SQLite cannot open a file beside which it cannot write, and says no more than that.
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    return file is not None and file.exists() and not os.access(file.parent, os.W_OK)


def _kind(cause: BaseException) -> type[PhoenixError] | None:
    number = getattr(cause, "sqlite_errorcode", None)
    if number is not None:
        # The lowest eight bits are the primary code; the rest says more than we need.
        return _SQLITE.get(number & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if state:
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    if type(cause).__name__ not in {"OperationalError", "ConnectionTimeout"}:
        return None
    # psycopg gives no state for a connection that was not made. Where the server speaks another language than English,
    # a refusal is told as unreachable, with the server's words.
    return DatabaseDeniedError if _REFUSED.search(str(cause)) else DatabaseUnreachableError
