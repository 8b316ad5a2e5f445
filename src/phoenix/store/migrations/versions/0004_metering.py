"""Windows and the collectors' own metrics."""

import sqlalchemy as sa
from alembic import op

from phoenix.store.base import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "meters",
        sa.Column("experiment_id", sa.String(64), primary_key=True),
        sa.Column("window_seconds", sa.Float(), nullable=False),
        sa.Column("scrape_seconds", sa.Float(), nullable=False),
        sa.Column("critical", sa.JSON(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
    )
    op.create_table(
        "meter_windows",
        sa.Column("experiment_id", sa.String(64), primary_key=True),
        sa.Column("host_id", sa.String(64), primary_key=True),
        sa.Column("arm", sa.String(16), primary_key=True),
        sa.Column("start", sa.BigInteger(), primary_key=True),
        sa.Column("run", sa.String(64), primary_key=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("late_points", sa.BigInteger(), nullable=False),
        sa.Column("gap", sa.Text(), nullable=False),
        sa.Column("measure", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_meter_windows_written_at", "meter_windows", ["written_at"])
    op.create_table(
        "own_readings",
        sa.Column("host_id", sa.String(64), primary_key=True),
        sa.Column("time", sa.BigInteger(), primary_key=True),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_own_readings_written_at", "own_readings", ["written_at"])
    op.create_table(
        "meter_keys",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("meter_keys", "own_readings", "meter_windows", "meters"):
        op.drop_table(table)
