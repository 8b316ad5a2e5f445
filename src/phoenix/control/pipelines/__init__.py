"""Pipelines and their immutable versions, kept verbatim."""
