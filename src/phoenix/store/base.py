"""What every table shares: the registry, names of constraints, times in UTC.

Each feature declares its tables in its own `tables.py` on `Base`; `phoenix.server.tables` imports them all.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Integer, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import JSON, TypeDecorator

# Every constraint has a name of its own, so that a migration can change it on both databases.
_NAMES: Final = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware of UTC in Python on every database, to the microsecond."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the moment in UTC.

        Raises:
            ValueError: it does not say in which zone it is.
        """
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the moment, aware of UTC: SQLite forgets the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# A key that the database counts up. SQLite counts only a column that is called INTEGER, which has 64 bits there anyway.
Sequential: Final = BigInteger().with_variant(Integer(), "sqlite")


# None is the column's NULL, not JSON's null.
_JSON: Final = JSON(none_as_null=True)


class Base(DeclarativeBase):
    """The registry of all tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: _JSON, list[Any]: _JSON}  # noqa: RUF012 - SQLAlchemy's name
