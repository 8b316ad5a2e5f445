"""Recording: the real collector scrapes this host for a while, and what it saw becomes a capture."""
