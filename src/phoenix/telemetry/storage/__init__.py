"""Captures on disk (docs/adr/0003-capture-format.md)."""

from phoenix.telemetry.storage.folder import VERSION, load, save

__all__ = ["VERSION", "load", "save"]
