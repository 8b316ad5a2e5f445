"""Confidence sequences: intervals that hold at every look at once, however often someone looks."""
