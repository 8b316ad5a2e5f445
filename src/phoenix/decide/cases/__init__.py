"""Unit tests of pipelines: what a config must make of given telemetry, as cases in a file beside it."""
