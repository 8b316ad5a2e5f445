"""Converters that make digests and ids."""
