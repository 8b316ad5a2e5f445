"""`phoenix loadsim`: process load on this machine, by profile."""
