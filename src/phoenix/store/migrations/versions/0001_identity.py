"""Identity, audit and events."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove them."""
