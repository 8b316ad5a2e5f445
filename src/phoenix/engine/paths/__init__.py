"""Paths of the contexts resource, scope, metric and datapoint: what they hold as columns, and what setting them does."""
