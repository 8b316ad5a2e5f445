"""The catalogue: ready pipelines as typed templates that render to a config the collector accepts."""
