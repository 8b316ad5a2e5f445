"""Phoenix: what a change to a collector pipeline saves, and what it makes invisible, before it is live."""
