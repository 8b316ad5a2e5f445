"""What the database keeps of windows and readings: its form, writing it behind, and reading it together."""
