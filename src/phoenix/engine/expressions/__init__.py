"""Expressions over columns: what a statement or condition says of every row, worked out once per distinct value."""
