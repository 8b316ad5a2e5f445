"""Hosts and the configs they run."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.String(40)
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "fleet_hosts",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.String(253), nullable=False, unique=True),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("enrolled_at", _TIME, nullable=False),
        sa.Column("uid", sa.String(36)),
        sa.Column("condition", sa.String(16)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("desired", _ID),
        sa.Column("desired_at", _TIME),
        sa.Column("desired_reason", sa.Text(), nullable=False),
        sa.Column("offered", _ID),
        sa.Column("offered_at", _TIME),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("proved", _ID),
        sa.Column("proved_at", _TIME),
        sa.Column("verified", _ID),
        sa.Column("verified_at", _TIME),
        sa.Column("fallback", _ID),
        sa.Column("substitute", _ID),
        sa.Column("failure_revision", _ID),
        sa.Column("failure_code", sa.String(40), nullable=False),
        sa.Column("failure_text", sa.Text(), nullable=False),
        sa.Column("failure_at", _TIME),
        sa.Column("effective", _ID),
        sa.Column("healthy", sa.Boolean()),
        sa.Column("health_text", sa.Text(), nullable=False),
        sa.Column("collector_version", sa.String(64), nullable=False),
        sa.Column("components", sa.JSON(), nullable=False),
        sa.Column("last_seen", _TIME),
        sa.Column("replica", sa.String(64)),
        sa.Column("epoch", sa.Integer(), nullable=False),
    )
    op.create_index("ix_fleet_hosts_replica_desired_at", "fleet_hosts", ["replica", "desired_at"])
    op.create_table(
        "fleet_revisions",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("experiment", _ID),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_digest", sa.String(64), nullable=False),
        sa.Column("exporters", sa.JSON(), nullable=False),
        sa.Column("receivers", sa.JSON(), nullable=False),
        sa.Column("processors", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("retry_of", _ID),
    )
    op.create_index("ix_fleet_revisions_document_digest", "fleet_revisions", ["document_digest"])
    op.create_table(
        "fleet_refusals",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("host", _ID, sa.ForeignKey("fleet_hosts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("revision", _ID, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_index("ix_fleet_refusals_host", "fleet_refusals", ["host"])
    op.create_table(
        "fleet_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("host", _ID, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("revision", _ID),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_index("ix_fleet_events_host_id", "fleet_events", ["host", "id"])


def downgrade() -> None:
    """Remove them."""
    for table in ("fleet_events", "fleet_refusals", "fleet_revisions", "fleet_hosts"):
        op.drop_table(table)
