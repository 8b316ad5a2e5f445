"""`phoenix collector`: the programs that Phoenix runs."""
