"""From a config or template on a command line to a judged result; `whatif` and `run` share it."""
