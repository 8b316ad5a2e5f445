"""Conditions that stop an experiment by themselves (spec C4)."""
