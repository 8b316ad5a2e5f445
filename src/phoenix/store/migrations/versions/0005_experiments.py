"""Experiments."""

import sqlalchemy as sa
from alembic import op

from phoenix.store.base import Sequential, UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "experiments",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("namespace", sa.String(64), nullable=False, index=True),
        sa.Column("design", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False, index=True),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("phase", sa.String(16), nullable=False, index=True),
        sa.Column("phase_at", UtcDateTime(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("revision", sa.String(64)),
        sa.Column("paired", sa.JSON()),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("ending", sa.String(16)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cause", sa.JSON()),
        sa.Column("waiting", sa.Text(), nullable=False),
        sa.Column("deadline", UtcDateTime()),
        sa.Column("stepped_at", UtcDateTime()),
        sa.Column("deploy_seconds", sa.Float(), nullable=False),
        sa.Column("guardrails", sa.JSON(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON()),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("verdict", sa.String(16)),
        sa.Column("resolution", sa.String(16)),
    )
    op.create_table(
        "experiment_hosts",
        sa.Column("experiment_id", sa.String(64), sa.ForeignKey("experiments.id"), primary_key=True),
        sa.Column("host_id", sa.String(64), primary_key=True, index=True),
        sa.Column("name", sa.String(253), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
    )
    op.create_table(
        "experiment_transitions",
        sa.Column("id", Sequential, primary_key=True),
        sa.Column("experiment_id", sa.String(64), sa.ForeignKey("experiments.id"), nullable=False, index=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("target", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("experiment_transitions", "experiment_hosts", "experiments"):
        op.drop_table(table)
