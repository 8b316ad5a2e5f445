"""Who may touch which hosts."""
