"""From a config to the passes of one pipeline, as a collector in a replay would read it. Called by `evaluator`."""
