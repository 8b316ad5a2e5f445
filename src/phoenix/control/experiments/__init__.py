"""Timed comparisons of two pipelines on the same hosts and stream."""
