"""Damage that no config declares, one kind a file: each takes the two captures paired and returns what it found."""
