"""Converters over network addresses."""
