"""Identity, audit, events and leases."""

import sqlalchemy as sa
from alembic import op

from phoenix.store.base import Sequential, UtcDateTime

revision = "0001"
down_revision = None

_LIVE_HOST = sa.text("kind = 'host' AND revoked_at IS NULL")
_APPEND_ONLY_SQLITE = """
CREATE TRIGGER audit_entries_no_{verb} BEFORE {verb} ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""
_REFUSE = """
CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
"""
_APPEND_ONLY_POSTGRESQL = """
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()
"""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False, index=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("uses_left", sa.Integer()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("expires_at", UtcDateTime()),
        sa.Column("revoked_at", UtcDateTime()),
        sa.UniqueConstraint("digest"),
    )
    op.create_index(
        "uq_tokens_live_host",
        "tokens",
        ["subject"],
        unique=True,
        sqlite_where=_LIVE_HOST,
        postgresql_where=_LIVE_HOST,
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", Sequential, primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False, index=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sqlite_autoincrement=True,
    )
    _make_append_only()
    op.create_table(
        "events",
        sa.Column("id", Sequential, primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False, index=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("holder", sa.String(128), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
    )


def _make_append_only() -> None:
    if op.get_context().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(_APPEND_ONLY_SQLITE.format(verb=verb))
    else:
        op.execute(_REFUSE)
        op.execute(_APPEND_ONLY_POSTGRESQL)


def downgrade() -> None:
    """Remove them."""
    for table in ("leases", "events", "audit_entries", "tokens"):
        op.drop_table(table)
    if op.get_context().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_entries_refuse")
