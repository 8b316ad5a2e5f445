"""The composition root: what is wired to what, and the loops that keep going."""
