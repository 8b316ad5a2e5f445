"""Paths of resources, scopes, metrics and datapoints: what they hold as columns, and what setting them does."""
