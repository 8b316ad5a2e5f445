"""Converters between types, and questions about them."""
