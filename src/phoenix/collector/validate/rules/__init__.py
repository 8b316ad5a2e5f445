"""Practice rules: what the collector accepts and experience does not. One idea a file; each reads keys only."""

from phoenix.collector.validate.rules.registry import CODES, RULES

__all__ = ["CODES", "RULES"]
