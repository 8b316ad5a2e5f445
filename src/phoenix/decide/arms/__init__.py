"""Two arms of an experiment, window by window: what was saved, what was lost, what must stop it."""
