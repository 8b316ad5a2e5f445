"""What this replica holds in memory: the hosts that are connected to it, and what is not written yet."""
